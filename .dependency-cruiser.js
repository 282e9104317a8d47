/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Law */

/**
 * The laws of who may import whom in `src`, each with its reason. Imports lead one way only: towards `domain`.
 *
 * `test/unit/frame/dependency-laws.test.ts` shows a breach of each.
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
    name: 'flow-imports-only-domain',
    comment: 'How much, how fast and how often is decided without knowing what it is that flows.',
    from: { path: '^src/flow/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow)/' },
  },
  {
    name: 'control-imports-only-domain-and-flow',
    comment: 'Workers, the command line and tests read one truth in one way, so the truth knows none of them.',
    from: { path: '^src/control/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|control)/' },
  },
  {
    name: 'definition-imports-only-domain',
    comment: 'A migration file is understood without a network; its readers define their own ports.',
    from: { path: '^src/definition/' },
    to: { path: '^src/', pathNot: '^src/(domain|definition)/' },
  },
  {
    name: 'shapes-imports-nothing',
    comment: 'How names are made is found out by looking at names; listing, reading and asking are done elsewhere.',
    from: { path: '^src/shapes/' },
    to: { pathNot: '^src/shapes/' },
  },
  {
    name: 'explore-imports-only-shapes-and-source',
    comment: 'Looking through an account needs listings and first bytes; nothing has been written down yet.',
    from: { path: '^src/explore/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|shapes|explore|pipeline/source)/' },
  },
  {
    name: 'staging-imports-only-definition-and-control',
    comment: 'Staging turns a definition into control objects; it needs to know how to read one and write the other.',
    from: { path: '^src/staging/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|definition|control|staging)/' },
  },
  {
    name: 'planning-imports-only-domain',
    comment: 'What a plan says of its units is a pure function of their receipts and a price list.',
    from: { path: '^src/planning/' },
    to: { path: '^src/', pathNot: '^src/(domain|planning)/' },
  },
  {
    name: 'reporting-imports-only-domain-and-planning',
    comment: 'What a report adds up is a pure function of receipts, whoever reads them.',
    from: { path: '^src/reporting/' },
    to: { path: '^src/', pathNot: '^src/(domain|planning|reporting)/' },
  },
  {
    name: 'd3-only-in-charts',
    comment: 'One module names what is used of the library, so that the build can put its code in.',
    from: { path: '^src/', pathNot: '^src/commands/charts/d3/' },
    to: { path: npm('d3-') },
  },
  {
    name: 'core-knows-no-temporal',
    comment: 'All of this means the same under a test, a benchmark, an activity and the command line.',
    from: { path: '^src/(flow|control|definition|staging|planning|reporting|pipeline|explore|stores|telemetry)/' },
    to: { path: npm('@temporalio/') },
  },
  {
    name: 'first-stages-know-no-other-stage',
    comment: 'Reading, decoding and packing bytes are each one idea; what joins them lies above them.',
    from: { path: '^src/pipeline/(source|decode|pack)/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|pipeline/$1)/' },
  },
  {
    name: 'discover-imports-only-source',
    comment: 'A manifest is made from listings alone, before a byte of a blob is read.',
    from: { path: '^src/pipeline/discover/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|pipeline/(source|discover))/' },
  },
  {
    name: 'unclaimed-imports-only-source-shapes-and-control',
    comment: 'What nobody claims is found from manifests and listings; no byte of a blob is read for it.',
    from: { path: '^src/pipeline/unclaimed/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|shapes|control|pipeline/(source|unclaimed))/' },
  },
  {
    name: 'second-decoder-imports-only-source-and-decode',
    comment: 'The second opinion is about one blob; it must not depend on what is made of the blob afterwards.',
    from: { path: '^src/pipeline/second-decoder/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|pipeline/(source|decode|second-decoder))/' },
  },
  {
    name: 'join-imports-only-stages-before-it',
    comment: 'Joining blobs to raw bytes must not know how these are packed or where they go.',
    from: { path: '^src/pipeline/join/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|pipeline/(source|decode|second-decoder|join))/' },
  },
  {
    name: 'publish-imports-only-pack-and-control',
    comment:
      'What makes an object appear takes packed bytes and checkpoints. Where the bytes came from does not concern it.',
    from: { path: '^src/pipeline/publish/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|control|pipeline/(pack|publish))/' },
  },
  {
    name: 'verify-imports-only-publish-unclaimed-and-control',
    comment: 'An object is compared with its receipt alone; where its bytes came from does not matter any more.',
    from: { path: '^src/pipeline/verify/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|control|pipeline/(publish|unclaimed|verify))/' },
  },
  {
    name: 'unit-imports-only-stages-and-control',
    comment: 'The story of one unit is told without knowing which slice or process it is part of.',
    from: { path: '^src/pipeline/unit/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|control|pipeline/(?!slice/)[^/]+)/' },
  },
  {
    name: 'slice-imports-only-unit-discover-verify-and-control',
    comment:
      'An attempt at a slice moves or verifies units, lets them share listings and keeps the ledger; the stages of a ' +
      'byte are inside the unit.',
    from: { path: '^src/pipeline/slice/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|control|pipeline/(discover|unit|verify|slice))/' },
  },
  {
    name: 'failing-imports-only-the-job-of-its-slice',
    comment: 'Whose fault a failure is must not depend on how far the attempt has come that asks.',
    from: { path: '^src/pipeline/slice/failing/' },
    to: { path: '^src/pipeline/slice/', pathNot: '^src/pipeline/slice/(slice-job[.]ts$|failing/)' },
  },
  {
    name: 'telling-sees-the-attempt-as-types',
    comment: 'What others are told of an attempt is read off it; telling must not be able to change it.',
    from: { path: '^src/pipeline/slice/telling/' },
    to: {
      path: '^src/pipeline/slice/',
      pathNot: '^src/pipeline/slice/(slice-job[.]ts$|telling/)',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'only-wiring-imports-slice',
    comment:
      'The attempt at a slice is the top of the pipeline: worker.ts puts it into an activity, which sees its types.',
    from: { path: '^src/', pathNot: '^src/(worker|pipeline/slice)/' },
    to: { path: '^src/pipeline/slice/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'probes-import-only-what-they-try',
    comment: 'A probe tries a port as the pipeline uses it, whoever opened it: a worker or the command line.',
    from: { path: '^src/probes/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|control|pipeline/(?!slice/|unit/)[^/]+|probes)/' },
  },
  {
    name: 'stores-import-only-domain',
    comment: "An adapter implements a port and speaks the domain's words; it decides nothing.",
    from: { path: '^src/stores/' },
    to: { path: '^src/', pathNot: '^src/(domain|pipeline|control|probes|explore|stores)/' },
  },
  {
    name: 'stores-see-ports-as-types',
    comment:
      'A port is an interface; code of the pipeline or of control inside an adapter would hide a decision there.',
    from: { path: '^src/stores/' },
    to: { path: '^src/(pipeline|control|probes|explore)/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 's3-answers-import-no-request',
    comment: 'What an answer of S3 means is found by looking at it, whichever request and client it came from.',
    from: { path: '^src/stores/s3/answers/' },
    to: { path: '^src/stores/s3/', pathNot: '^src/stores/s3/answers/' },
  },
  {
    name: 's3-requests-import-only-their-session-and-answers',
    comment: 'A request is made in one way, for the target, the control store and a probe of the bucket.',
    from: { path: '^src/stores/s3/requests/' },
    to: { path: '^src/stores/s3/', pathNot: '^src/stores/s3/(s3-client[.]ts$|answers/|requests/)' },
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
    name: 'telemetry-imports-only-what-it-watches',
    comment:
      'Metrics, spans and logs of slices are told from outside: they see the pipeline as types, and nothing that ' +
      'moves depends on them.',
    from: { path: '^src/telemetry/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|telemetry)/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'telemetry-sees-only-the-pipeline',
    comment: 'What moves units and talks to stores is worth watching; activities and workflows have the Web UI.',
    from: { path: '^src/telemetry/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|control|pipeline|telemetry)/' },
  },
  {
    name: 'only-wiring-imports-telemetry',
    comment: 'Whatever is watched does not know it; the worker puts the watchers around it.',
    from: { path: '^src/', pathNot: '^src/(worker|telemetry)/' },
    to: { path: '^src/telemetry/' },
  },
  {
    name: 'activities-import-only-what-they-wrap',
    comment:
      'Activities are thin: heartbeat, cancellation and failures around pipeline, probes and control. ' +
      'The worker has stores.',
    from: { path: '^src/activities/' },
    to: { path: '^src/', pathNot: '^src/(domain|flow|control|pipeline|probes|explore|activities)/' },
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
    name: 'partition-never-imports-migration',
    comment: 'A child never talks to its parent, so it must not even know its code.',
    from: { path: '^src/workflows/partition/' },
    to: { path: '^src/workflows/migration/' },
  },
  {
    name: 'migration-sees-partition-as-types',
    comment: 'The root starts partitions by name and knows the records that they exchange, nothing else.',
    from: { path: '^src/workflows/migration/' },
    to: { path: '^src/workflows/partition/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'commands-import-only-what-a-client-may-know',
    comment:
      'A verb speaks to workflows through their messages and gets stores from client.ts; anything else would run ' +
      "workers' code in the command line. Types may come from anywhere.",
    from: { path: '^src/commands/' },
    to: {
      path: '^src/',
      pathNot:
        '^src/((domain|planning|reporting|shapes|definition|staging|control|local|commands)/|workflows/messages)',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'no-verb-imports-another',
    comment: 'What two verbs share has an idea of its own and a room beside the verbs.',
    from: { path: '^src/commands/verbs/([^/.]+)' },
    to: { path: '^src/commands/verbs/', pathNot: '^src/commands/verbs/$1[/.]' },
  },
  {
    name: 'command-ports-hold-types-alone',
    comment: 'The ports of the verbs say what is needed; a port that imports code would decide how it is done.',
    from: { path: '^src/commands/ports/' },
    to: { dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'screen-imports-ports-alone',
    comment: 'What draws on a terminal is told what to draw; it asks nobody.',
    from: { path: '^src/commands/screen/' },
    to: { path: '^src/', pathNot: '^src/(domain|commands/(screen|ports))/' },
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
    name: 'the-command-line-has-one-copy-of-temporal',
    comment:
      "The build puts Temporal's client into client/sdk. Another copy would not know its errors, and would take a " +
      'quarter of a second to load.',
    from: { path: '^src/(client|commands)/', pathNot: '^src/client/sdk/' },
    to: { path: npm('@temporalio/'), dependencyTypesNot: ['type-only'] },
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
    comment:
      'A development package is absent where the program is installed. Those of stores/sdk, telemetry/sdk and ' +
      'charts/d3 are copied in by the build.',
    from: { path: '^src/', pathNot: '^src/((stores|telemetry)/sdk|commands/charts/d3)/' },
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
