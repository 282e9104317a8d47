import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { noStaleReadAcrossAwait } from './scripts/lint/no-stale-read-across-await.mjs';

const local = { rules: { 'no-stale-read-across-await': noStaleReadAcrossAwait } };

const swallowedErrors = [
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'An empty catch hides the cause. Handle the error, or rethrow it with what was being done.',
  },
  {
    selector:
      'CallExpression[callee.property.name="catch"] > ArrowFunctionExpression > BlockStatement[body.length=0], ' +
      'CallExpression[callee.property.name="catch"] > ArrowFunctionExpression > Identifier[name="undefined"].body',
    message: 'A catch that does nothing hides the cause. Handle the error, or let it pass.',
  },
];

const environmentReads = [
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name="env"]',
    message: 'The environment is read in src/env.ts only: take the value as an argument.',
  },
];

export default defineConfig(
  globalIgnores([
    'dist/',
    'site/dist/',
    'site/pages/',
    'dist.next/',
    'coverage/',
    'node_modules/',
    '**/fixtures/**',
    '**/assembly/',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { local },
    rules: {
      // `== null` asks for both null and undefined at once, and nothing else.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...swallowedErrors],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      // `import { type A }` would still load the module; `import type` does not.
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A cancelled activity rethrows `signal.reason`, which is typed any: that is the only right thing to throw there.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      // An async method that only returns satisfies an asynchronous port; wrapping it in Promise.resolve says no more.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'The environment is read in src/env.ts only: take the value as an argument.',
        },
      ],
      'no-restricted-syntax': ['error', ...swallowedErrors, ...environmentReads],
    },
  },
  {
    files: ['src/env.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-syntax': ['error', ...swallowedErrors] },
  },
  { files: ['src/client.ts', 'src/worker.ts'], rules: { 'no-console': 'off' } },
  { files: ['src/workflows/**/*.ts'], rules: { 'local/no-stale-read-across-await': 'error' } },
  {
    // Tests look into parsed documents and call methods of fakes: there the values are asserted, not trusted.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // An empty generator or callback is a legitimate fake.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  // The compiler checks these files too, and knows Node's globals.
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked], rules: { 'no-undef': 'off' } },
);
