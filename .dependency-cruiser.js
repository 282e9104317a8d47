/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Law */

/**
 * The laws of who may import whom in `src`, one per edge, each with its reason.
 *
 * One way only: domain ← pipeline ← stores, activities; workflows, definition and commands beside them; worker.ts and
 * client.ts put the parts together. `test/unit/frame/dependency-laws.test.ts` shows a breach of each.
 *
 * @type {Law[]}
 */
const laws = [
  {
    name: 'domain-imports-nothing',
    comment: 'Nouns and rules are pure and run inside workflows, where neither Node nor any package may be.',
    from: { path: '^src/domain/' },
    to: { pathNot: '^src/domain/' },
  },
  {
    name: 'pipeline-imports-only-domain',
    comment: 'The pipeline defines the ports it needs; whoever implements or calls them depends on it, not it on them.',
    from: { path: '^src/pipeline/' },
    to: { path: '^src/', pathNot: '^src/(domain|pipeline)/' },
  },
  {
    name: 'pipeline-knows-no-temporal',
    comment: 'Bytes move the same way under a test, a benchmark and an activity; Temporal is wrapped around them.',
    from: { path: '^src/pipeline/' },
    to: { path: npm('@temporalio/') },
  },
  {
    name: 'stores-import-only-domain-and-pipeline',
    comment: "An adapter implements a port of the pipeline and speaks the domain's words; it decides nothing.",
    from: { path: '^src/stores/' },
    to: { path: '^src/', pathNot: '^src/(domain|pipeline|stores)/' },
  },
  {
    name: 'stores-know-no-temporal',
    comment: 'Stores are also used by the command line, where no activity runs.',
    from: { path: '^src/stores/' },
    to: { path: npm('@temporalio/') },
  },
  {
    name: 'azure-only-in-stores',
    comment: "One folder knows Azure's SDK, its errors and its traps; everybody else sees the port.",
    from: { path: '^src/', pathNot: '^src/stores/' },
    to: { path: npm('@azure/') },
  },
  {
    name: 'aws-only-in-stores',
    comment: 'One folder knows the SDK of S3, its errors and its traps; everybody else sees the port.',
    from: { path: '^src/', pathNot: '^src/stores/' },
    to: { path: npm('(@aws-sdk|@smithy)/') },
  },
  {
    name: 'activities-import-only-domain-and-pipeline',
    comment:
      'Activities are thin: heartbeat, cancellation and failure mapping around the pipeline. worker.ts hands them the stores.',
    from: { path: '^src/activities/' },
    to: { path: '^src/', pathNot: '^src/(domain|pipeline|activities)/' },
  },
  {
    name: 'activities-use-only-the-activity-side-of-temporal',
    comment: 'A client or a worker inside an activity would be a second wiring, hidden from worker.ts.',
    from: { path: '^src/activities/' },
    to: { path: npm('@temporalio/'), pathNot: npm('@temporalio/(activity|common)/') },
  },
  {
    name: 'workflows-import-only-domain',
    comment: 'Whatever a workflow imports is replayed for as long as a history lives, so it must be pure.',
    from: { path: '^src/workflows/' },
    to: { path: '^src/', pathNot: '^src/(domain|workflows|activities)/' },
  },
  {
    name: 'workflows-see-activities-as-types',
    comment: 'A workflow calls activities by name; their code in its bundle would bring Node and the network along.',
    from: { path: '^src/workflows/' },
    to: { path: '^src/activities/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'workflows-use-no-node',
    comment: 'Workflow code runs in an isolate without Node, and must give the same result at every replay.',
    from: { path: '^src/workflows/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'workflows-use-only-temporal',
    comment: 'Packages are not made for replay; only the workflow side of Temporal is.',
    from: { path: '^src/workflows/' },
    to: {
      path: ['node_modules/', '^[^.]'],
      pathNot: ['^src/', npm('@temporalio/(workflow|common)/')],
      dependencyTypesNot: ['core', 'local'],
    },
  },
  {
    name: 'definition-imports-only-domain',
    comment: 'A migration file is understood without network; its readers and its staging define their own ports.',
    from: { path: '^src/definition/' },
    to: { path: '^src/', pathNot: '^src/(domain|definition)/' },
  },
  {
    name: 'definition-knows-no-temporal',
    comment: 'A migration file means the same whoever runs it.',
    from: { path: '^src/definition/' },
    to: { path: npm('@temporalio/') },
  },
  {
    name: 'commands-import-only-what-a-client-may-know',
    comment:
      'A verb speaks to workflows through their messages and gets stores from client.ts; anything else would run ' +
      "workers' code in the command line. Types may come from anywhere.",
    from: { path: '^src/commands/' },
    to: {
      path: '^src/',
      pathNot: '^src/((domain|definition|local|commands)/|workflows/messages)',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'local-imports-nothing-of-ours',
    comment: 'The local stack starts programs; it must not need to know what is run on them.',
    from: { path: '^src/local/' },
    to: { path: '^src/', pathNot: '^src/local/' },
  },
  {
    name: 'nobody-imports-a-program',
    comment:
      'worker.ts and client.ts put the parts together; what imports them would start a program by being imported.',
    from: { path: '^src/' },
    to: { path: '^src/(worker|client)[.]ts$' },
  },
  {
    name: 'wiring-belongs-to-its-program',
    comment: 'What src/client and src/worker put together is for their own program; others get it handed in.',
    from: { path: '^src/([^/.]+)' },
    to: { path: '^src/(client|worker)/', pathNot: '^src/$1[/.]' },
  },
  {
    name: 'environment-only-in-programs',
    comment: 'The environment is read once, by the programs, and handed on as values; hidden reads make tests lie.',
    from: { path: '^src/', pathNot: '^src/(worker|client)[.]ts$' },
    to: { path: '^src/env[.]ts$', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'sources-import-no-tests-or-tools',
    comment: 'What is shipped must work without what is not.',
    from: { path: '^src/' },
    to: { path: '^(test|bench|scripts)/' },
  },
  {
    name: 'sources-use-no-development-packages',
    comment: 'A development package is absent where the program is installed.',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-cycles',
    comment: 'Two modules that need each other are one module, or hide a third; import order must not matter.',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'A module that nobody imports and that imports nothing is not used.',
    from: { orphan: true, path: '^src/', pathNot: '^src/(worker|client)[.]ts$|[.]d[.]ts$' },
    to: {},
  },
  {
    name: 'everything-resolves',
    comment: 'An import that leads nowhere fails only when it is reached, which can be weeks into a migration.',
    from: { path: '^(src|test|bench|scripts)/' },
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: laws.map((law) => /** @type {Law} */ ({ severity: 'error', ...law })),
  options: {
    // Imports of types only are edges too: the laws say where they may lead.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // The codecs are written in AssemblyScript, which is compiled apart.
    exclude: { path: '(^|/)fixtures/|(^|/)assembly/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};

/**
 * The path of a package, installed or (when it could not be found) as it was written.
 *
 * @param {string} name the beginning of its name, as a regular expression
 */
function npm(name) {
  return `(^|node_modules/)${name}`;
}
