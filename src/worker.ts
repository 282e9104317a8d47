#!/usr/bin/env node
// Nothing is imported before the version is checked: an old Node would fail on the imports with an unhelpful message.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 15)) {
  console.error(`longhaul-worker needs Node 20.15 or later; this is ${process.versions.node}. See https://nodejs.org.`);
  process.exitCode = 1;
} else {
  const { readCredential, readEnvironment, sdkAnnouncementDisabled } = await import('./env.js');
  const { runWorkerProgram } = await import('./worker/run-worker-program.js');
  const environment = readEnvironment();
  // Explicitly, because sockets that are kept open for the next request would keep a drained process alive.
  process.exit(
    await runWorkerProgram({
      args: process.argv.slice(2),
      environment,
      credentials: (name) => readCredential(environment, name),
      program: import.meta.filename,
      sdkAnnouncementDisabled,
    }),
  );
}

export {};
