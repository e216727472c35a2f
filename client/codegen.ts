import type { CodegenConfig } from '@graphql-codegen/cli'

const codegen: CodegenConfig = {
  schema: '../server/schema.graphql',
  ignoreNoDocuments: true,
  generates: {
    'src/gql/': {
      documents: 'src/**/*.{ts,tsx}',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: {
          DateTime: 'string',
          DateTimeISO: 'string',
          JSON: 'unknown',
          JSONObject: 'Record<string, unknown>',
        },
      },
    },
    // The cache needs the types of each interface to match fragments on it.
    'src/gql/possible-types.ts': { plugins: ['fragment-matcher'] },
  },
}

export default codegen
