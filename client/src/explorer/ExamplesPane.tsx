import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { isNarrow } from './is-narrow'
import type { ExampleOperation } from './sources'

interface Props {
  readonly operations: readonly ExampleOperation[]
}

/** The operations of each group, in the order of the documentation. */
const groupsOf = (operations: readonly ExampleOperation[]) => {
  const groups = new Map<string, ExampleOperation[]>()
  for (const operation of operations) {
    groups.set(operation.group, [...(groups.get(operation.group) ?? []), operation])
  }
  return [...groups]
}

/**
 * The example operations with their descriptions, in the groups of the documentation. A selected
 * one opens in its own tab.
 */
export const ExamplesPane = ({ operations }: Props) => {
  const { addTab, setOperationName, setVisiblePlugin } = useGraphiQLActions()
  const queryEditor = useGraphiQL(state => state.queryEditor)
  const variableEditor = useGraphiQL(state => state.variableEditor)
  const open = ({ name, document, variables }: ExampleOperation) => {
    addTab()
    queryEditor?.setValue(document)
    // GraphiQL reads the name from the document a moment later. A user who runs the
    // operation before that would send the name of the previous tab.
    setOperationName(name)
    variableEditor?.setValue(variables ?? '')
    if (isNarrow()) setVisiblePlugin(null)
  }
  return (
    <section aria-label="Examples">
      <div className="graphiql-doc-explorer-header">
        <h2 className="examples-title">Examples</h2>
      </div>
      <p className="examples-text">
        Each example opens in its own tab, with variables to send. Mutations really change the data.
        The groups are the chapters of docs/api.md.
      </p>
      {groupsOf(operations).map(([group, members]) => (
        <details key={group} className="examples-group">
          <summary>{group}</summary>
          <ul className="examples">
            {members.map(operation => (
              <li key={operation.name}>
                <button type="button" className="example" onClick={() => open(operation)}>
                  {operation.name}
                </button>
                <p className="examples-text">{operation.description}</p>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  )
}
