import type { Faker } from '@faker-js/faker'
import type { UserEntity } from '../users/user.entity.js'
import type { NewUser } from '../users/user.service.js'
import { type Diary, hourMs } from './diary.js'

/** What a user of the demo did, and what was done to them. */
export interface Life {
  /** Their place in the company, from 0. */
  readonly number: number
  readonly user: NewUser
  /** When they accepted their invitation; null while they are invited. */
  readonly activatedAt: Date | null
  /** When they changed their password; null if they still have the first one. */
  readonly passwordChangedAt: Date | null
  readonly blockedAt: Date | null
  /** Recent sign-ins, oldest first. */
  readonly signIns: Date[]
}

/** A life whose user is in the database. */
export interface Person extends Life {
  readonly row: UserEntity
}

/** What the parts of the history share. */
export interface Story {
  readonly faker: Faker
  readonly now: Date
  readonly diary: Diary
  /** Everyone, in the order of the company. */
  readonly all: readonly Person[]
  readonly olivia: Person
  readonly adam: Person
  readonly maya: Person
}

/** The time some hours before now. */
export const hoursBefore = (now: Date, hours: number): Date =>
  new Date(now.getTime() - hours * hourMs)
