import { build, install, main } from './workspace.mjs'

main(async () => {
  await install()
  await build()
})
