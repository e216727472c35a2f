// Starts the bundled server from what V8 made of its code when it was built, which spares
// a third of the start: Node's own compile cache (module.enableCompileCache) takes Node 22.
// Where the cache is missing, or of another Node, V8 compiles the code anew.
const { readFileSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const { constants, Script } = require('node:vm')

const codeFile = join(__dirname, 'server.js')
const cacheFile = join(__dirname, 'server.cache')

// Time to start in, on machines that are not slow.
const startMs = 1_000

const readCache = () => {
  try {
    return readFileSync(cacheFile)
  } catch {
    return undefined
  }
}

// Only the build says so: what was compiled by the end of this run goes into the cache.
const makesCache = process.argv[2] === '--make-code-cache'
if (makesCache) process.argv.splice(2, 1)

// A function of its own, so that nothing holds on to the cache when V8 has read it.
const compile = () => {
  const cachedData = makesCache ? undefined : readCache()
  // The bundle is ASCII, which latin1 reads without looking at each byte.
  return new Script(readFileSync(codeFile, 'latin1'), {
    filename: codeFile,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  })
}

const script = compile()
if (makesCache) {
  process.on('exit', () => writeFileSync(cacheFile, script.createCachedData()))
} else {
  // What the start makes is either thrown away or kept for good: V8 need not widen the room for
  // what is new meanwhile, which it would hold on to afterwards. Under load it does.
  setFlagsFromString('--semi-space-growth-factor=1')
  setTimeout(() => setFlagsFromString('--semi-space-growth-factor=2'), startMs).unref()
}
script.runInThisContext()(exports, createRequire(codeFile), module, codeFile, __dirname)
