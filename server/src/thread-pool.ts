import { availableParallelism } from 'node:os'

// libuv's threads handle both hashing and SQLite. At most one hash runs on each core, so four more
// threads remain for queries. libuv reads the number when it starts its first thread, so main.ts
// imports this file before all others.
process.env.UV_THREADPOOL_SIZE ||= String(availableParallelism() + 4)
