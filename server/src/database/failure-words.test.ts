import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import sqlite3 from 'sqlite3'
import { DataSource } from 'typeorm'
import { describeFailure } from './failure-words.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-words-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** Runs statements that SQLite rejects, and describes the error. */
const describeFailureOf = async (
  statements: readonly string[],
  { file = join(dir, 'some.sqlite'), flags }: { file?: string; flags?: number } = {},
): Promise<string> => {
  const source = new DataSource({ type: 'sqlite', database: file, ...(flags && { flags }) })
  try {
    await source.initialize()
    for (const statement of statements) await source.query(statement)
    return 'nothing failed'
  } catch (failure) {
    return describeFailure(failure)
  } finally {
    if (source.isInitialized) await source.destroy()
  }
}

it('reports that the disk is full', async () => {
  const filling = ['PRAGMA max_page_count = 2', 'CREATE TABLE a (b)', 'CREATE TABLE c (d)']
  expect(await describeFailureOf(filling)).toBe(
    'The database is unavailable: the disk is full (SQLITE_FULL).',
  )
})

it('reports that the file is read-only', async () => {
  await describeFailureOf(['CREATE TABLE a (b)'])
  expect(await describeFailureOf(['CREATE TABLE c (d)'], { flags: sqlite3.OPEN_READONLY })).toMatch(
    /read-only \(SQLITE_READONLY\)/,
  )
})

it('reports that the file is not a database', async () => {
  const file = join(dir, 'notes.txt')
  await writeFile(file, 'No database at all.'.repeat(100))
  await chmod(file, 0o600)
  expect(await describeFailureOf(['SELECT * FROM sqlite_master'], { file })).toMatch(
    /SQLITE_NOTADB/,
  )
})

it('reports that the file cannot be opened', async () => {
  expect(await describeFailureOf([], { file: dir })).toMatch(/cannot be opened \(SQLITE_CANTOPEN\)/)
})

it('repeats the message of any other error', () => {
  const failure = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  expect(describeFailure(failure)).toBe('The database is unavailable: connect ECONNREFUSED.')
})
