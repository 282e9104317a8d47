import { createRequire } from 'node:module';

/** The calls of Temporal's services that the command line makes, by the SDK's client of workflows or by itself. */
export const calledMethods = {
  WorkflowService: [
    ...['CountWorkflowExecutions', 'DescribeNamespace', 'DescribeTaskQueue', 'DescribeWorkflowExecution'],
    ...['ExecuteMultiOperation', 'GetSystemInfo', 'GetWorkflowExecutionHistory', 'ListTaskQueuePartitions'],
    ...['ListWorkflowExecutions', 'PollWorkflowExecutionUpdate', 'QueryWorkflow', 'RequestCancelWorkflowExecution'],
    ...['SignalWithStartWorkflowExecution', 'SignalWorkflowExecution', 'StartWorkflowExecution'],
    ...['TerminateWorkflowExecution', 'UpdateWorkflowExecution'],
  ],
  OperatorService: ['ListSearchAttributes'],
};

/**
 * Puts Temporal's descriptors into a bundle as text, which Node reads four times as fast as code, and leaves out those
 * that a client of workflows never uses: the API of Temporal Cloud's control plane, what Temporal's core and the SDKs
 * say to each other, and calls that are not in {@link calledMethods}. They are two thirds of all.
 *
 * @returns {{ name: string, load: (path: string) => string | undefined }}
 */
export function fewerDescriptors() {
  return {
    name: 'fewer-descriptors',
    load(path) {
      if (!path.endsWith('/@temporalio/proto/protos/json-module.js')) return undefined;
      const { coresdk: _unused, ...nested } = createRequire(import.meta.url)(path).toJSON().nested;
      const api = nested.temporal.nested.api.nested;
      api.cloud = onlyService(api.cloud, ['cloudservice', 'v1', 'CloudService']);
      keepCalled(api.workflowservice.nested.v1, 'WorkflowService', nested);
      keepCalled(api.operatorservice.nested.v1, 'OperatorService', nested);
      const text = JSON.stringify(JSON.stringify(nested));
      return `const { Root, roots } = require('protobufjs/light');
        module.exports = (roots.__temporal ??= new Root()).addJSON(JSON.parse(${text}));`;
    },
  };
}

/**
 * Drops the methods of a service that nobody calls, and the requests and responses that nothing else has a field of.
 *
 * @param {any} namespace
 * @param {keyof typeof calledMethods} name
 * @param {unknown} all
 */
function keepCalled(namespace, name, all) {
  const { nested } = namespace;
  const service = nested[name];
  const dropped = Object.keys(service.methods).filter((method) => !calledMethods[name].includes(method));
  service.methods = without(service.methods, dropped);
  const candidates = dropped.flatMap((method) => [`${method}Request`, `${method}Response`]);
  const types = candidates.filter((type) => nested[type] !== undefined);
  /** @type {Record<string, unknown>} */
  const definitions = Object.fromEntries(types.map((type) => [type, nested[type]]));
  namespace.nested = without(nested, types);
  // What is left may use some of them, and these again others.
  for (;;) {
    const text = JSON.stringify(all);
    const gone = types.filter((type) => namespace.nested[type] === undefined);
    const used = gone.filter((type) => new RegExp(`"(\\w+\\.)*${type}"`).test(text));
    if (used.length === 0) return;
    for (const type of used) namespace.nested[type] = definitions[type];
  }
}

/** @param {Record<string, unknown>} all @param {readonly string[]} names */
function without(all, names) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
}

/**
 * Returns a namespace with nothing but one service in it, without methods. The SDK makes a client of each service when
 * it connects.
 *
 * @param {any} namespace
 * @param {readonly string[]} path
 * @returns {unknown}
 */
function onlyService(namespace, [name = '', ...rest]) {
  const inside = namespace.nested[name];
  return { nested: { [name]: rest.length === 0 ? { ...inside, methods: {} } : onlyService(inside, rest) } };
}
