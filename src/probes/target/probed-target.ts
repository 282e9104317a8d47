import type { ControlStore } from '../../control/control-store.js';
import type { TargetDefinition } from '../../domain/definition.js';
import type { ObjectTarget } from '../../pipeline/publish/object-target.js';
import type { BucketInspector } from './bucket-inspector.js';

/** The stores of a migration's target, as `check` looks at them. */
export interface ProbedTarget {
  readonly definition: TargetDefinition;
  readonly control: ControlStore;
  /** Writes to the control bucket, without the settings of target objects. */
  readonly controlTarget: ObjectTarget;
  /** Writes to the target bucket, with the settings of target objects. */
  readonly target: ObjectTarget;
  readonly controlBucket: BucketInspector;
  readonly targetBucket: BucketInspector;
  /** Closes all connections. */
  close(): void;
}
