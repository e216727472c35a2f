// Not graphiql/style.css: it brings its fonts along as data: URLs, which the policy refuses,
// and Monaco's styles a second time.
import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import 'graphiql/graphiql.css'
import './explorer.css'
