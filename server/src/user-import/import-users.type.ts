import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { AccessDenied } from '../access/access-denied.type.js'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import { NewUserInput } from '../invitations/invitation.type.js'
import { text } from '../messages/language.js'
import { ExternalIdTaken, LoginTaken } from '../users/update-user.type.js'
import { User, userOf } from '../users/user.type.js'
import type { HashRefusal, ImportOutcome, ImportUserRefusal } from './import-users.service.js'

/** Why a password hash was rejected, as the schema names it. */
export enum PasswordHashRejectionEnum {
  UNKNOWN_FORMAT = 'UNKNOWN_FORMAT',
  MALFORMED = 'MALFORMED',
  TOO_CHEAP = 'TOO_CHEAP',
  TOO_EXPENSIVE = 'TOO_EXPENSIVE',
  TOO_MANY_KINDS = 'TOO_MANY_KINDS',
}
registerEnumType(PasswordHashRejectionEnum, {
  name: 'PasswordHashRejection',
  description: 'Why a password hash was rejected. The bounds are in docs/api.md.',
  valuesConfig: {
    UNKNOWN_FORMAT: { description: 'The hash is not in one of the accepted formats.' },
    MALFORMED: { description: 'The format is accepted, but the hash breaks its rules.' },
    TOO_CHEAP: {
      description:
        'The cost is so low that the hash hardly protects the password. Invite the user.',
    },
    TOO_EXPENSIVE: {
      description:
        'The hash costs more than four times as much as Rekey’s own, or needs too much memory.',
    },
    TOO_MANY_KINDS: {
      description:
        'Users with four other kinds of hashes were imported and have not signed in yet. The kind is the algorithm, and for some algorithms a part of its cost.',
    },
  },
})

const hashMessageKeys = {
  UNKNOWN_FORMAT: 'user-import.error.hashUnknownFormat',
  MALFORMED: 'user-import.error.hashMalformed',
  TOO_CHEAP: 'user-import.error.hashTooCheap',
  TOO_EXPENSIVE: 'user-import.error.hashTooExpensive',
  TOO_MANY_KINDS: 'user-import.error.hashTooManyKinds',
} as const satisfies Record<HashRefusal, string>

/** The password hash of a user to import was rejected. */
@ObjectType({ implements: UserError, description: 'The password hash was rejected.' })
export class PasswordHashRejected extends UserError {
  @Field(() => PasswordHashRejectionEnum, { description: 'Why it was rejected.' })
  reason: PasswordHashRejectionEnum

  constructor(reason: HashRefusal) {
    super(text(hashMessageKeys[reason]), ['passwordHash'])
    this.reason = PasswordHashRejectionEnum[reason]
  }
}

/** A user to import. */
@InputType({ description: 'A user to import.' })
export class ImportUserInput extends NewUserInput {
  @MaxLength(1_000)
  @Field(() => String, {
    description: 'The login: an e-mail address of at most 254 characters, which no user has yet.',
  })
  login!: string

  @MaxLength(1_000)
  @Field(() => String, {
    description:
      'The password hash of the other system, in one of the formats that docs/api.md lists. Rekey replaces it by its own when the user first signs in.',
  })
  passwordHash!: string

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'When the user chose the password in the other system; not in the future. Defaults to the time of the import.',
  })
  passwordChangedAt?: Date | null
}

const ImportUserError = createUnionType({
  name: 'ImportUserError',
  description: 'Why a user was not imported.',
  types: () =>
    [InvalidField, LoginTaken, ExternalIdTaken, AccessDenied, PasswordHashRejected] as const,
})

const errorOf = (refusal: ImportUserRefusal): typeof ImportUserError => {
  switch (refusal.kind) {
    case 'invalid':
      return new InvalidField(refusal.problem.message, [refusal.problem.field])
    case 'loginTaken':
      return new LoginTaken()
    case 'externalIdTaken':
      return new ExternalIdTaken()
    case 'accessDenied':
      return new AccessDenied(refusal.reason, [refusal.field])
    case 'hashRefused':
      return new PasswordHashRejected(refusal.reason)
  }
}

/** Users to import. */
@InputType({ description: 'Users to import.' })
export class ImportUsersInput {
  @Field(() => [ImportUserInput], { description: 'The users: 1 to 100.' })
  users!: ImportUserInput[]

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether each imported user gets a mail that says that they can sign in with the password they have. Defaults to true.',
  })
  sendMail?: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether to return only what would happen, without importing anyone. Defaults to false.',
  })
  dryRun?: boolean | null
}

/** The result for one of the users to import. */
@ObjectType({ description: 'The result for one of the users to import.' })
class ImportUsersResult {
  @Field(() => Int, { description: 'The user’s position in the given list, from 0.' })
  index: number

  @Field(() => User, {
    nullable: true,
    description: 'The imported user, who is active; null if refused, and in a dry run.',
  })
  user: User | null

  @Field(() => [ImportUserError], {
    description:
      'All reasons why this user was not imported. The others are imported nevertheless.',
  })
  errors: (typeof ImportUserError)[]

  constructor({ user, refusals }: ImportOutcome, index: number) {
    this.index = index
    this.user = user === null ? null : userOf(user)
    this.errors = refusals.map(errorOf)
  }
}

/** The result of importing users. */
@ObjectType({ description: 'The result of importing users.' })
export class ImportUsersPayload {
  @Field(() => [ImportUsersResult], {
    description: 'One result for each user, in the given order.',
  })
  results: ImportUsersResult[]

  @Field(() => [UserError], {
    description: 'Errors of the whole call. Always empty, because each error belongs to one user.',
  })
  errors: UserError[] = []

  constructor(outcomes: readonly ImportOutcome[]) {
    this.results = outcomes.map((outcome, index) => new ImportUsersResult(outcome, index))
  }
}
