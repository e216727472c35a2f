import { readdirSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { postgresMigrations, sqliteMigrations } from './index.js'

const filesIn = (folder: string) =>
  readdirSync(`${__dirname}/${folder}`).filter(file => /^\d/.test(file))

describe.each([
  ['sqlite', sqliteMigrations],
  ['postgres', postgresMigrations],
])('the migrations of %s', (engine, migrations) => {
  it('are the classes of all dated files, in the order of their times', () => {
    const times = migrations.map(({ name }) => /\d{13}$/.exec(name)?.[0])
    const files = [...filesIn('.'), ...filesIn(engine)].map(file => file.slice(0, 13))
    expect(times).toEqual(files.sort())
    expect(new Set(times).size).toBe(times.length)
  })
})
