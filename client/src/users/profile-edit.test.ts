import { describe, expect, it } from '@jest/globals'
import { changesOf, mergeEdits } from './profile-edit'

const base = {
  login: 'maya@rekey.example',
  firstName: 'Maya',
  lastName: 'Lindqvist',
  phone: '+46 1',
  language: 'sv',
  externalId: 'E-1',
}

describe('the request of an edit', () => {
  it('contains the changed fields, and nothing else', () => {
    expect(changesOf(base, base)).toEqual({})
    expect(changesOf(base, { ...base, firstName: 'Mia' })).toEqual({ firstName: 'Mia' })
  })

  it.each(['phone', 'externalId'])('contains the %s that was emptied, as an empty text', field => {
    expect(changesOf(base, { ...base, [field]: '' })).toEqual({ [field]: '' })
  })
})

describe('two edits of one profile', () => {
  it('keep the entered values, and accept the changes of the other user to fields that were not edited', () => {
    const typed = { ...base, firstName: 'Mia', phone: '+46 2' }
    const theirs = { ...base, firstName: 'May', language: 'en' }
    expect(mergeEdits(base, typed, theirs)).toEqual({
      values: { ...base, firstName: 'Mia', phone: '+46 2', language: 'en' },
      conflicts: ['firstName'],
      takenOver: ['language'],
    })
  })

  it('have no conflict if both entered the same value', () => {
    const both = { ...base, lastName: 'Berg' }
    expect(mergeEdits(base, both, both)).toEqual({ values: both, conflicts: [], takenOver: [] })
  })
})
