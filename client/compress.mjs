// Compresses what was built, once and as well as it can be: the server hands the
// files out as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const compress = (dir, quality) => {
  for (const name of readdirSync(dir)) {
    if (!/\.(js|css|svg)$/.test(name)) continue
    const path = join(dir, name)
    const content = readFileSync(path)
    const params = { [constants.BROTLI_PARAM_QUALITY]: quality }
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params }))
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
  }
}

const dist = join(import.meta.dirname, 'dist')
compress(join(dist, 'assets'), 11)
// Several megabytes that few load: the last percent is not worth half a minute of each build.
compress(join(dist, 'explorer', 'assets'), 9)
