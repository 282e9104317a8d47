// All of Temporal's client that the command line runs. The build puts its code into this file, which then loads twice
// as fast; see docs/decisions/0041. Workers use the installed packages.
export {
  Client,
  Connection,
  isGrpcServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
export {
  ApplicationFailure,
  CancelledFailure,
  TemporalFailure,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/common';
export { loadClientConnectConfig } from '@temporalio/envconfig';
