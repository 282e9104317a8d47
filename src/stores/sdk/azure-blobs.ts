// All of Azure's storage SDK that Longhaul runs. The build puts the SDK's code into this file; see docs/decisions/0027.
export { AnonymousCredential, BlobServiceClient, newPipeline, StorageSharedKeyCredential } from '@azure/storage-blob';
