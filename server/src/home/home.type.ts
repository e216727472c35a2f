import { GraphQLDateTimeISO } from 'graphql-scalars'
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { UserError } from '../graphql/user-error.type.js'
import { type SetupStepName, setupSteps } from '../settings/setup-checklist.js'
import { User } from '../users/user.type.js'
import type { CappedCount, HomeFigures, SignInDay } from './home-figures.js'
import { dateOf } from './home-figures.js'
import type { SetupStepState } from './setup-checklist.service.js'

/** The steps, as an enum of the schema. */
const SetupStepEnum = Object.fromEntries(setupSteps.map(step => [step, step])) as {
  [S in SetupStepName]: S
}

registerEnumType(SetupStepEnum, {
  name: 'SetupStepName',
  description: 'A step that sets up a new account.',
  valuesConfig: {
    MAIL: { description: 'A mail server is configured.' },
    SECOND_FACTOR: { description: 'The caller has a second factor.' },
    INVITATION: { description: 'There is another user than the first one.' },
    ALLOWED_ADDRESSES: { description: 'Rekey can be used only from allowed addresses.' },
    BACKUP: {
      description:
        'The command `rekey backup` has made a backup. Rekey does not see backups that were made otherwise, such as those of PostgreSQL.',
    },
  },
})

/** A number that stops at a maximum. */
@ObjectType('HomeCount', { description: 'A count that stops at 10,000.' })
export class HomeCountType {
  @Field(() => Int, { description: 'The number, at most 10,000.' })
  count: number

  @Field(() => Boolean, { description: 'False if there are more.' })
  exact: boolean

  constructor({ count, exact }: CappedCount) {
    this.count = count
    this.exact = exact
  }
}

/** Figures about people. */
@ObjectType('HomePeople', { description: 'Figures about the users of the account.' })
export class HomePeopleType {
  @Field(() => Int, { description: 'The number of active users.' })
  active: number

  @Field(() => Int, {
    description: 'The number of invited users, whether their invitation still works or not.',
  })
  invited: number

  @Field(() => Int, { description: 'The number of blocked users.' })
  blocked: number

  @Field(() => Int, { description: 'The number of active users who have a second factor.' })
  withSecondFactor: number

  @Field(() => HomeCountType, {
    description:
      'The number of users who must choose a new password, because someone else wants them to.',
  })
  mustChangePassword: HomeCountType

  @Field(() => HomeCountType, {
    description: 'The number of invitations whose link works, but expires within two days.',
  })
  expiringInvitations: HomeCountType

  @Field(() => Int, {
    nullable: true,
    description:
      'The number of invited users whose link no longer works; null if there are more than 10,000 invitations.',
  })
  expiredInvitations: number | null

  constructor(figures: HomeFigures) {
    const { users, validInvitations } = figures
    this.active = users.ACTIVE
    this.invited = users.INVITED
    this.blocked = users.BLOCKED
    // The two figures are not counted at the same moment.
    this.withSecondFactor = Math.min(figures.withSecondFactor, users.ACTIVE)
    this.mustChangePassword = new HomeCountType(figures.mustChangePassword)
    this.expiringInvitations = new HomeCountType(figures.expiringInvitations)
    this.expiredInvitations = validInvitations.exact
      ? Math.max(0, users.INVITED - validInvitations.count)
      : null
  }
}

/** The sign-ins of one day. */
@ObjectType('HomeSignInDay', { description: 'The sign-ins of one day.' })
export class HomeSignInDayType {
  @Field(() => String, { description: 'The day in UTC, such as 2026-11-29.' })
  date: string

  @Field(() => Int, { description: 'The number of sign-ins.' })
  succeeded: number

  @Field(() => Int, {
    description:
      'The number of rejected sign-ins, such as those with a wrong password or a wrong code.',
  })
  failed: number

  constructor({ day, succeeded, failed }: SignInDay) {
    this.date = dateOf(day)
    this.succeeded = succeeded
    this.failed = failed
  }
}

/** Figures about webhooks. */
@ObjectType('HomeWebhooks', { description: 'Webhooks that need attention.' })
export class HomeWebhooksType {
  @Field(() => Int, { description: 'The number of enabled webhooks whose last attempt failed.' })
  failing!: number

  @Field(() => Int, {
    description: 'The number of webhooks that Rekey disabled, because they failed or were gone.',
  })
  disabled!: number
}

/** Figures about mails. */
@ObjectType('HomeMails', { description: 'Mails that were not delivered.' })
export class HomeMailsType {
  @Field(() => Int, { description: 'The number of mails that wait for delivery.' })
  waiting!: number

  @Field(() => Int, { description: 'The number of mails that failed permanently.' })
  failed!: number
}

/** A step of the set-up checklist. */
@ObjectType('SetupStep', { description: 'A step that sets up a new account.' })
export class SetupStepType implements SetupStepState {
  @Field(() => SetupStepEnum, { description: 'Which step it is.' })
  step!: SetupStepName

  @Field(() => Boolean, { description: 'Whether it is done.' })
  done!: boolean

  @Field(() => Boolean, {
    description: 'Whether an administrator skipped it. A skipped step can still be done.',
  })
  skipped!: boolean
}

/** What Home shows about the account. */
@ObjectType({
  description:
    'An overview of the account. A background job counts the figures about once a minute; each part is null without its permission, and until it is counted for the first time.',
})
export class Home {
  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the figures were counted; null if they never were.',
  })
  countedAt!: Date | null

  @Field(() => HomePeopleType, {
    nullable: true,
    description: 'Figures about users. Requires users.read.',
  })
  people!: HomePeopleType | null

  @Field(() => [User], {
    nullable: true,
    description:
      'The five active users whose password is the oldest, oldest first. Without users who must choose a new password anyway. Requires users.read.',
  })
  oldestPasswords!: User[] | null

  @Field(() => [HomeSignInDayType], {
    nullable: true,
    description:
      'The sign-ins of the last 30 days in UTC, oldest first, today included. Requires operations.read.',
  })
  signIns!: HomeSignInDayType[] | null

  @Field(() => HomeWebhooksType, {
    nullable: true,
    description: 'Webhooks that need attention. Requires webhooks.manage.',
  })
  webhooks!: HomeWebhooksType | null

  @Field(() => HomeMailsType, {
    nullable: true,
    description: 'Mails that were not delivered. Requires settings.manage.',
  })
  mails!: HomeMailsType | null

  @Field(() => [SetupStepType], {
    nullable: true,
    description:
      'The steps that set up a new account; null if each one is done or skipped. Requires settings.manage and a session.',
  })
  setup!: SetupStepType[] | null
}

/** Which steps of the set-up checklist to skip. */
@InputType({ description: 'Which steps of the set-up checklist to skip.' })
export class UpdateSetupChecklistInput {
  @Field(() => [SetupStepEnum], {
    description:
      'All steps that are skipped. It replaces the steps that were skipped before, so a step that is left out is shown again.',
  })
  skippedSteps!: SetupStepName[]
}

/** The result of skipping steps. */
@ObjectType({ description: 'The result of changing the set-up checklist.' })
export class UpdateSetupChecklistPayload {
  @Field(() => [SetupStepType], {
    nullable: true,
    description: 'The steps, as in Home.setup.',
  })
  setup: SetupStepType[] | null = null

  @Field(() => [UserError], { description: 'Always empty, because this never fails.' })
  errors: UserError[] = []
}
