import type { TargetDefinition } from '../../domain/definition.js';
import type { ProbedTarget } from '../../probes/target/probed-target.js';
import type { HttpClient } from '../http/http-pools.js';
import { inspectBucket } from './bucket/inspect-bucket.js';
import { plainTarget } from './plain-target.js';
import type { NoteSecret, S3Keys } from './s3-client.js';
import { createS3ControlStore } from './s3-control-store.js';
import { createS3Target } from './s3-target.js';

/** What is opened, and how. */
export interface ProbedTargetOptions {
  readonly definition: TargetDefinition;
  readonly allowInsecureEndpoints: boolean;
  readonly keys?: S3Keys;
  readonly http?: HttpClient | undefined;
  readonly noteSecret?: NoteSecret | undefined;
}

/** Opens everything that `check` looks at. Throws `ConfigError/Endpoint`, `ConfigError/Credential`. */
export function openProbedTarget({ definition, ...options }: ProbedTargetOptions): ProbedTarget {
  const { bucket, control } = definition;
  const opened = {
    control: createS3ControlStore({ ...options, connection: definition, bucket: control.bucket }),
    controlTarget: createS3Target({ ...options, target: plainTarget(definition) }),
    target: createS3Target({ ...options, target: definition }),
    controlBucket: inspectBucket({ ...options, connection: definition, bucket: control.bucket }),
    targetBucket: inspectBucket({ ...options, connection: definition, bucket }),
  };
  return {
    definition,
    ...opened,
    close: () => {
      for (const each of Object.values(opened)) each.close();
    },
  };
}
