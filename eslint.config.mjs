// Lints the text of the schema. Biome lints everything else.
import graphql from '@graphql-eslint/eslint-plugin'

const recommended = graphql.configs['flat/schema-recommended'].rules
const relay = graphql.configs['flat/schema-relay'].rules
const [, naming] = recommended['@graphql-eslint/naming-convention']

export default [
  { ignores: ['**/*', '!server/', '!server/schema.graphql'] },
  {
    files: ['server/schema.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: './server/schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...recommended,
      ...relay,
      // Payloads, errors, settings and pages are values: they have no identity of their own. A test
      // checks instead that every type with an id is a node (nodes/nodes.security.test.ts).
      '@graphql-eslint/strict-id-in-types': 'off',
      '@graphql-eslint/naming-convention': [
        'error',
        {
          ...naming,
          'ObjectTypeDefinition,ObjectTypeExtension': {
            ...naming['ObjectTypeDefinition,ObjectTypeExtension'],
            // These names were released, and released names stay.
            ignorePattern: '^(MailDeliveryType|PasswordDeadlineType|WebhookEventType)$',
          },
        },
      ],
      '@graphql-eslint/relay-edge-types': [
        'error',
        {
          withEdgeSuffix: true,
          // Notifications and the users of a bulk job exist only in their lists, so `node` does not
          // find them. The test checks the other types.
          shouldImplementNode: false,
          // Short lists with a fixed limit, such as the errors of a payload, need no pages.
          listTypeCanWrapOnlyEdgeType: false,
        },
      ],
    },
  },
]
