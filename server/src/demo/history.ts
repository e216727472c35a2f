import type { Faker } from '@faker-js/faker'
import type { Services } from '../app/features.js'
import { insertMany } from '../database/insert-many.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { shownDays } from '../notifications/notification.service.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { changeOf } from '../operations/operation-change.js'
import type { NewUser } from '../users/user.service.js'
import { addBelongings, addSecondFactors, type OwnedFactor } from './belongings.js'
import { Diary, dayMs, hourMs, placeOf } from './diary.js'
import { hoursBefore, type Life, type Person, type Story } from './story.js'
import { addWebhooks } from './webhook-history.js'

/** How many days before now have sign-ins; Home shows 30. */
const signInDays = 40

/** A company and its history until now. */
export interface Plan {
  readonly lives: readonly Life[]
  readonly faker: Faker
  readonly now: Date
}

const isWeekend = (at: Date): boolean => at.getUTCDay() % 6 === 0

/** A time between two others, on a working day if there is one. */
const workTime = (faker: Faker, from: Date, to: Date): Date => {
  let at = faker.date.between({ from, to })
  for (let tries = 0; tries < 20; tries += 1) {
    const hour = at.getUTCHours()
    if (!isWeekend(at) && hour >= 7 && hour < 18) break
    at = faker.date.between({ from, to })
  }
  return at
}

const planLife = (given: NewUser, number: number, { faker, now }: Omit<Plan, 'lives'>): Life => {
  const { status } = given
  if (status === 'INVITED') {
    // Two thirds were invited within the last three days, so that their links still work: half of
    // these expire soon.
    const ranges = [
      [80, 22 * 24],
      [2, 22],
      [26, 68],
    ] as const
    const [atLeast, atMost] = ranges[number % 3] ?? ranges[0]
    const createdAt = hoursBefore(now, faker.number.float({ min: atLeast, max: atMost }))
    const user = { ...given, createdAt, lastSignInAt: null }
    const never = { activatedAt: null, passwordChangedAt: null, blockedAt: null }
    return { number, user, ...never, signIns: [] }
  }
  const added = given.createdAt ?? now
  const isNew = now.getTime() - added.getTime() < 6 * dayMs
  const createdAt = isNew ? new Date(added.getTime() - 6 * dayMs) : added
  const isFounder = number === 0
  const activatedAt = isFounder
    ? createdAt
    : new Date(createdAt.getTime() + faker.number.int({ min: 1, max: 60 }) * hourMs)
  const blockedAt =
    status === 'BLOCKED'
      ? workTime(
          faker,
          new Date(
            Math.max(
              activatedAt.getTime() + dayMs,
              now.getTime() - (number < 4 ? 12 : 240) * dayMs,
            ),
          ),
          hoursBefore(now, 30),
        )
      : null
  const until = blockedAt ?? hoursBefore(now, 26)
  // A few changed their password within the last weeks, others long ago, and others never did.
  const passwordChangedAt =
    number % 9 === 1
      ? workTime(
          faker,
          new Date(Math.max(activatedAt.getTime(), until.getTime() - 30 * dayMs)),
          until,
        )
      : number % 9 < 6
        ? workTime(faker, activatedAt, until)
        : null
  const before = hoursBefore(now, (signInDays + 1) * 24)
  const earlier = given.lastSignInAt ?? null
  // Those without recent sign-ins are the ones who have not been here for long.
  const lastSignInAt =
    earlier === null
      ? null
      : new Date(
          Math.max(
            activatedAt.getTime(),
            Math.min(earlier.getTime(), (blockedAt ?? before).getTime(), before.getTime()),
          ),
        )
  const user = {
    ...given,
    createdAt,
    lastSignInAt: number < 3 ? activatedAt : lastSignInAt,
    loginVerifiedAt: activatedAt,
    passwordChangedAt: passwordChangedAt ?? activatedAt,
  }
  return { number, user, activatedAt, passwordChangedAt, blockedAt, signIns: [] }
}

/** Adds the sign-ins of one day: many on a working day, few at night and on weekends. */
const signInsOfDay = (
  start: Date,
  lives: readonly Life[],
  { faker, now }: Omit<Plan, 'lives'>,
): void => {
  const present = lives.filter(
    ({ activatedAt, blockedAt, user, number }) =>
      number % 10 < 7 &&
      user.lastSignInAt != null &&
      activatedAt !== null &&
      activatedAt < start &&
      (blockedAt === null || blockedAt.getTime() > start.getTime() + dayMs),
  )
  const count = isWeekend(start)
    ? faker.number.int({ min: 5, max: 12 })
    : faker.number.int({ min: 36, max: 62 })
  for (let number = 0; number < count; number += 1) {
    const life = faker.helpers.arrayElement(present)
    const isEarly = faker.datatype.boolean(0.2)
    const hour = faker.number.float(isEarly ? { min: 0, max: 24 } : { min: 6.5, max: 18 })
    const at = new Date(start.getTime() + hour * hourMs)
    if (at < now) life.signIns.push(at)
  }
  // There are some today as well, however early it is.
  const elapsed = now.getTime() - start.getTime()
  if (elapsed >= dayMs) return
  for (const part of [0.2, 0.45, 0.7, 0.9]) {
    faker.helpers.arrayElement(present).signIns.push(new Date(start.getTime() + elapsed * part))
  }
}

/** Plans what happened in a company until now, so that everything in the database agrees. */
export const planHistory = (users: readonly NewUser[], faker: Faker, now: Date): Plan => {
  const context = { faker, now }
  const lives = users.map((user, number) => planLife(user, number, context))
  const today = new Date(now).setUTCHours(0, 0, 0, 0)
  for (let day = signInDays; day >= 0; day -= 1) {
    signInsOfDay(new Date(today - day * dayMs), lives, context)
  }
  for (const [number, hours] of [
    [0, 1.5],
    [0, 21],
    [1, 3],
    [1, 26],
    [2, 2.5],
    [2, 47],
  ] as const) {
    lives[number]?.signIns.push(hoursBefore(now, hours))
  }
  const planned = lives.map(life => {
    life.signIns.sort((one, other) => one.getTime() - other.getTime())
    const lastSignInAt = life.signIns.at(-1) ?? life.user.lastSignInAt ?? null
    return { ...life, user: { ...life.user, lastSignInAt } }
  })
  return { lives: planned, faker, now }
}

const blockReasons = [
  'Left the company.',
  'The laptop was stolen.',
  'On leave until further notice.',
]

const noteLife = (
  { row, number, ...life }: Person,
  { diary, olivia, adam, faker }: Story,
  factor: OwnedFactor | undefined,
): void => {
  const place = placeOf(number)
  const by = number % 4 === 1 ? olivia : adam
  const admin = placeOf(by.number)
  if (number === 0) {
    diary.note(row.createdAt, 'SET_UP_OWNER', row.id, row.id, place)
  } else {
    const inviter = number === 1 ? olivia : by
    diary.note(row.createdAt, 'INVITE_USER', inviter.row.id, row.id, placeOf(inviter.number), {
      changes: [changeOf('role', null, row.role)],
    })
    if (life.activatedAt !== null) {
      diary.note(life.activatedAt, 'ACTIVATE_USER', row.id, row.id, place)
    }
  }
  if (life.passwordChangedAt !== null) {
    if (number % 5 === 0) {
      const asked = new Date(life.passwordChangedAt.getTime() - 4 * 60_000)
      diary.note(asked, 'REQUEST_PASSWORD_RESET', null, row.id, place)
      diary.note(life.passwordChangedAt, 'RESET_PASSWORD', row.id, row.id, place)
    } else {
      diary.note(life.passwordChangedAt, 'CHANGE_PASSWORD', row.id, row.id, place)
    }
  }
  if (life.blockedAt !== null) {
    const reason = number < 4 ? blockReasons[0] : [...blockReasons, null][number % 4]
    diary.note(life.blockedAt, 'BLOCK_USER', by.row.id, row.id, admin, {
      changes: reason == null ? [] : [changeOf('reason', null, reason)],
    })
  }
  // The three people of the story signed in elsewhere yesterday, so that they have a notification.
  const elsewhereAt = number < 3 ? life.signIns.length - 2 : -1
  let wasElsewhere = false
  for (const [index, at] of life.signIns.entries()) {
    const isElsewhere = index % 5 === 4 || index === elsewhereAt
    const from = placeOf(number, isElsewhere ? 1 : 0)
    const newPlace = isElsewhere && !wasElsewhere ? 'BROWSER, NETWORK' : null
    wasElsewhere ||= isElsewhere
    if (index % 11 === 6) {
      diary.note(new Date(at.getTime() - 40_000), 'LOG_IN', null, row.id, from, {
        reason: 'INVALID_CREDENTIALS',
      })
    }
    const method =
      factor === undefined || at < factor.since ? 'PASSWORD' : `PASSWORD, ${factor.method}`
    diary.note(at, 'LOG_IN', row.id, row.id, from, {
      changes: [
        changeOf('method', method, method),
        ...(newPlace === null ? [] : [changeOf('newPlace', newPlace, newPlace)]),
      ],
    })
    const next = life.signIns[index + 1]?.getTime() ?? 0
    const left = at.getTime() + faker.number.int({ min: 20, max: 400 }) * 60_000
    if (index % 3 === 1 && left < next) {
      diary.note(new Date(left), 'LOG_OUT', row.id, row.id, from)
    }
  }
}

/** Someone tried many passwords, and the throttle stopped them. */
const noteBurst = ({ diary, adam, maya, now }: Story): void => {
  for (const [hours, ip, size] of [
    [19, '192.0.2.66', 24],
    [12 * 24 + 5, '192.0.2.17', 15],
  ] as const) {
    const place = { ip, userAgent: 'python-requests/2.32.5' }
    for (let number = 0; number < size; number += 1) {
      const at = new Date(hoursBefore(now, hours).getTime() + number * 7_300)
      const subject = [adam.row.id, null, maya.row.id][number % 3] ?? null
      const reason = number === size - 1 ? 'TOO_MANY_ATTEMPTS' : 'INVALID_CREDENTIALS'
      diary.note(at, 'LOG_IN', null, subject, place, { reason })
    }
  }
}

/** What administrators do now and then, for the last thirty days. */
const noteAdministration = ({ diary, faker, now, all, olivia, adam }: Story): void => {
  const active = all.filter(({ row, number }) => row.status === 'ACTIVE' && number > 3)
  const recently = () => workTime(faker, hoursBefore(now, 30 * 24), hoursBefore(now, 3))
  const someone = () => faker.helpers.arrayElement(active)
  for (let number = 0; number < 24; number += 1) {
    const by = number % 5 === 0 ? olivia : adam
    const name = faker.helpers.arrayElement(['phone', 'lastName', 'language'])
    diary.note(recently(), 'UPDATE_USER', by.row.id, someone().row.id, placeOf(by.number), {
      changes: [{ name, from: null, to: null }],
    })
  }
  for (const { row, number } of active.filter(({ number }) => number % 37 === 5)) {
    diary.note(recently(), 'UPDATE_USER', row.id, row.id, placeOf(number), {
      changes: [{ name: 'phone', from: null, to: null }],
    })
    diary.note(recently(), 'END_OTHER_SESSIONS', row.id, row.id, placeOf(number))
  }
  for (const { row, createdAt } of active
    .filter(({ row }) => row.role === 'ADMIN')
    .map(life => ({ ...life, createdAt: life.activatedAt ?? now }))) {
    diary.note(
      workTime(faker, createdAt, hoursBefore(now, 20)),
      'CHANGE_ACCESS',
      olivia.row.id,
      row.id,
      placeOf(0),
      { changes: [changeOf('role', 'MEMBER', 'ADMIN')] },
    )
  }
  for (const { row, number } of active.filter(({ number }) => number % 60 === 8)) {
    diary.note(recently(), 'READ', row.id, null, placeOf(number), { reason: 'FORBIDDEN' })
  }
  const place = placeOf(olivia.number)
  const total = String(all.length)
  diary.note(recently(), 'EXPORT_USERS', olivia.row.id, null, place, {
    changes: [changeOf('total', total, total)],
  })
  diary.note(hoursBefore(now, 26 * 24), 'SEND_TEST_MAIL', olivia.row.id, null, place)
}

/** Adds a company with its history, all in one transaction. */
export const writeHistory = async (
  unit: WritingUnitOfWork,
  services: Services,
  { lives, faker, now }: Plan,
): Promise<void> => {
  const rows = await services.users.add(
    unit,
    lives.map(({ user }) => user),
  )
  const all = lives.flatMap((life, index) => {
    const row = rows[index]
    return row === undefined ? [] : [{ ...life, row }]
  })
  const [olivia, adam, maya] = all
  if (olivia === undefined || adam === undefined || maya === undefined) {
    throw new Error('The company has too few users.')
  }
  const story: Story = { faker, now, diary: new Diary(faker), all, olivia, adam, maya }
  const factors = await addSecondFactors(unit, services, story)
  for (const life of all) noteLife(life, story, factors.get(life.row.id))
  noteBurst(story)
  noteAdministration(story)
  await addBelongings(unit, story)
  await addWebhooks(unit, services, story)
  const operations = story.diary.inOrder()
  await insertMany(unit.rows(OperationEntity), operations)
  const recent = operations.filter(
    ({ at, outcome }) => outcome === 'DONE' && at > hoursBefore(now, shownDays * 24),
  )
  await services.notifications.observe(unit, recent)
  // Olivia has looked a few days ago, so that some are new to her.
  await services.users.noteNotificationsSeen(unit, olivia.row.id, hoursBefore(now, 5 * 24))
}
