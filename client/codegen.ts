import type { CodegenConfig } from '@graphql-codegen/cli'

const config = {
  useTypeImports: true,
  enumsAsTypes: true,
  scalars: { DateTime: 'string', DateTimeISO: 'string', JSON: 'unknown' },
}

// Pages that send plain requests, without the API's client.
const plain = [
  'src/sessions/SignInPage.tsx',
  'src/second-factor/SecondStep.tsx',
  'src/second-factor/challenge.ts',
  'src/second-factor/passkey-sign-in.ts',
]

const codegen: CodegenConfig = {
  schema: '../server/schema.graphql',
  ignoreNoDocuments: true,
  generates: {
    'src/gql/': {
      documents: ['src/**/*.{ts,tsx}', ...plain.map(path => `!${path}`)],
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config,
    },
    // Their documents are text: parsed ones would need GraphQL's printer to be sent.
    'src/gql/text/': {
      documents: plain,
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { ...config, documentMode: 'string' },
    },
  },
}

export default codegen
