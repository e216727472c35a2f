import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { createSchema } from './schema.js'
import { schemaFile, schemaText } from './write-schema.js'

const types = Object.values(createSchema().getTypeMap()).filter(type => !type.name.startsWith('__'))

describe('the schema', () => {
  it('is checked in as it is: npm run schema in server/ writes it anew', () => {
    expect(readFileSync(schemaFile, 'utf8')).toBe(schemaText())
  })

  it('describes every type, field, argument and value', () => {
    const bare: string[] = []
    const check = (name: string, described: { description?: string | null | undefined }) => {
      if (!described.description) bare.push(name)
    }
    for (const type of types) {
      if (isSpecifiedScalarType(type) || type.name === 'Query' || type.name === 'Mutation') continue
      check(type.name, type)
    }
    for (const type of types) {
      if (isEnumType(type)) {
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value)
      }
      if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          check(`${type.name}.${field.name}`, field)
          for (const argument of 'args' in field ? field.args : []) {
            check(`${type.name}.${field.name}(${argument.name})`, argument)
          }
        }
      }
    }
    expect(bare).toEqual([])
  })
})
