// Not graphiql/style.css: it contains fonts as data: URLs, which the policy blocks, and the
// styles of Monaco a second time.
import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import 'graphiql/graphiql.css'
import './explorer.css'
