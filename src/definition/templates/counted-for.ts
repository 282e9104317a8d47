import { evalToken, ForTag, type Context, type Emitter } from 'liquidjs';

/** Liquid's `for`, whose steps count against the limit of a rendering: loops in loops would otherwise run for hours. */
export class CountedFor extends ForTag {
  override *render(context: Context, emitter: Emitter): ReturnType<ForTag['render']> {
    const collection: unknown = yield evalToken(this.collection, context);
    context.memoryLimit.use(Array.isArray(collection) ? collection.length : 1);
    yield* super.render(context, emitter);
  }
}
