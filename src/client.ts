#!/usr/bin/env node
// Nothing is imported before the version is checked: an old Node would fail on the imports with an unhelpful message.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 15)) {
  console.error(`longhaul needs Node 20.15 or later; this is ${process.versions.node}. See https://nodejs.org.`);
  process.exitCode = 1;
} else {
  const { adoptProxyNames, readCredential, readEnvironment, silenceSdkAnnouncement } = await import('./env.js');
  const { clientContext } = await import('./client/client-context.js');
  const { runProgram } = await import('./commands/run-program.js');
  silenceSdkAnnouncement();
  adoptProxyNames();
  const environment = readEnvironment();
  process.exitCode = await runProgram(
    process.argv.slice(2),
    clientContext(environment, (name) => readCredential(environment, name)),
  );
}

export {};
