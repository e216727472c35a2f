import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { isNarrow } from './is-narrow'
import type { ExampleOperation } from './sources'

interface Props {
  readonly operations: readonly ExampleOperation[]
}

/** The example operations with their descriptions. A selected one opens in its own tab. */
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
        Each opens in a tab of its own, with variables to send it with. They act on what is really
        there: what a mutation changes is changed.
      </p>
      <ul className="examples">
        {operations.map(operation => (
          <li key={operation.name}>
            <button type="button" className="example" onClick={() => open(operation)}>
              {operation.name}
            </button>
            <p className="examples-text">{operation.description}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
