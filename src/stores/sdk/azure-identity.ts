// All of Azure's identity SDK that Longhaul runs. The build puts the SDK's code into this file; see
// docs/decisions/0027.
export { DefaultAzureCredential } from '@azure/identity';
