// Writes what is generated from the sources: the compiled catalogues, the schema, and the client's
// types of the API.
import { compile, install, main, projectDir, run, runIn } from './workspace.mjs'

main(async () => {
  await install()
  await compile()
  await run(process.execPath, ['dist/app/write-schema.js'], { cwd: `${projectDir}/server` })
  await runIn('client', 'codegen')
})
