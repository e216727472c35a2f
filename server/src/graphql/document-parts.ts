import {
  type ConstValueNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'

/** The fragments of a document, by their names. */
export const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap(definition =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  )

/** The defaults of the variables of an operation, by their names; undefined if a variable has none. */
export const defaultsOf = (
  operation: OperationDefinitionNode,
): ReadonlyMap<string, ConstValueNode | undefined> =>
  new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue,
    ]),
  )
