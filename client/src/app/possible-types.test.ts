import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { buildSchema, isInterfaceType } from 'graphql'
import { possibleTypes } from './possible-types'

const schema = buildSchema(
  readFileSync(join(__dirname, '..', '..', '..', 'server', 'schema.graphql'), 'utf8'),
)

describe('the possible types of each interface', () => {
  it('match the schema', () => {
    const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType)
    const ofSchema = interfaces.map(type => [
      type.name,
      schema
        .getPossibleTypes(type)
        .map(({ name }) => name)
        .sort(),
    ])
    expect(possibleTypes).toEqual(Object.fromEntries(ofSchema))
  })
})
