import type { Permission } from '@rekey/shared/access'
import { In } from 'typeorm'
import { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import { newApiToken, prefixOf } from '../api-tokens/api-token.js'
import type { Services } from '../app/features.js'
import { BulkJobEntity } from '../bulk-jobs/bulk-job.entity.js'
import { BulkJobUserEntity } from '../bulk-jobs/bulk-job-user.entity.js'
import { insertMany } from '../database/insert-many.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { AllowedAddressEntity } from '../ip-authorization/allowed-address.entity.js'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { hostOf } from '../mail/outbox-mail.js'
import { invitationReference } from '../one-time-links/invitation-reference.js'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { changeOf } from '../operations/operation-change.js'
import { RecoveryCodeEntity } from '../second-factor/recovery-code.entity.js'
import { SecondFactorEntity } from '../second-factor/second-factor.entity.js'
import { totpSecretOf } from '../second-factor/second-factor-verifier.js'
import { newTotpSecret } from '../second-factor/totp.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { hashToken, newToken } from '../sessions/session-token.js'
import type { SecondFactorMethod } from '../settings/security-settings.js'
import { TrustedDeviceEntity } from '../trusted-devices/trusted-device.entity.js'
import { UserEntity } from '../users/user.entity.js'
import { dayMs, hourMs, idAt, placeOf } from './diary.js'
import { hoursBefore, type Person, type Story } from './story.js'

const sessionMs = 7 * dayMs
// A session ends after twelve hours without a request.
const idleMs = 11 * hourMs
const invitationMs = 3 * dayMs

/** The hash of a token that nobody has, so it can never be used. */
const hashOfNothing = (): string => hashToken(newToken())

/** The sessions of everyone who signed in within the last hours. */
const addSessions = async (unit: WritingUnitOfWork, { all, now, faker }: Story): Promise<void> => {
  const sessions = all.flatMap(({ row, number, signIns, blockedAt }) =>
    (blockedAt === null ? signIns.slice(-4) : []).flatMap((at, index): SessionEntity[] => {
      const isNamed = number < 4
      const age = now.getTime() - at.getTime()
      // The named users still use an older session, too.
      if (age > (isNamed ? 2 * dayMs : idleMs)) return []
      const seenAgo = Math.min(age, faker.number.int({ min: 2, max: 300 }) * 60_000)
      return [
        {
          id: idAt(at, faker),
          tokenHash: hashOfNothing(),
          userId: row.id,
          createdAt: at,
          lastSeenAt: new Date(now.getTime() - seenAgo),
          provedAt: at,
          expiresAt: new Date(at.getTime() + sessionMs),
          ...placeOf(number, index % 3),
          endReason: null,
        },
      ]
    }),
  )
  await insertMany(unit.rows(SessionEntity), sessions)
}

/** The invitations that were accepted lately, wait, expire soon or have expired. */
const addInvitations = async (unit: WritingUnitOfWork, story: Story): Promise<void> => {
  const { all, now, diary, adam, faker } = story
  const linkOf = (
    userId: string,
    createdAt: Date,
    endReason: OneTimeLinkEntity['endReason'],
  ): OneTimeLinkEntity => ({
    id: idAt(createdAt, faker),
    purpose: 'INVITATION',
    tokenHash: hashOfNothing(),
    userId,
    sentToLogin: true,
    createdBy: null,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + invitationMs),
    endReason,
  })
  const links = all.flatMap(({ row, number, activatedAt }) => {
    const age = now.getTime() - row.createdAt.getTime()
    if (activatedAt !== null) {
      return age < 30 * dayMs ? [linkOf(row.id, row.createdAt, 'USED')] : []
    }
    const isOld = age > invitationMs
    // Some invitations that expired were sent again.
    if (!isOld || number % 2 === 0) return [linkOf(row.id, row.createdAt, null)]
    const resentAt = hoursBefore(now, faker.number.float({ min: 3, max: 60 }))
    diary.note(resentAt, 'RESEND_INVITATION', adam.row.id, row.id, placeOf(adam.number))
    return [linkOf(row.id, row.createdAt, 'REVOKED'), linkOf(row.id, resentAt, null)]
  })
  await insertMany(unit.rows(OneTimeLinkEntity), links)
}

const factorNames: Record<SecondFactorMethod, string> = {
  TOTP: 'Authenticator app',
  PASSKEY: 'Security key',
  SMS: 'Mobile phone',
}

const lastOf = ({ row }: Person): number => row.lastSignInAt?.getTime() ?? 0

/** A second factor, and since when its user signs in with it. */
export interface OwnedFactor {
  readonly method: SecondFactorMethod
  readonly since: Date
}

/**
 * Adds second factors of each kind, with recovery codes and trusted devices, and allows them.
 *
 * @returns the first factor of each user who has one, by user id.
 */
export const addSecondFactors = async (
  unit: WritingUnitOfWork,
  services: Services,
  { all, now, diary, faker, olivia }: Story,
): Promise<Map<string, OwnedFactor>> => {
  const settings = await services.settings.readIn(unit)
  await services.settings.replace(unit, {
    ...settings,
    secondFactorMethods: ['TOTP', 'PASSKEY', 'SMS'],
    trustedDevices: 'MONTH',
  })
  diary.note(
    hoursBefore(now, 29 * 24),
    'UPDATE_SECURITY_SETTINGS',
    olivia.row.id,
    null,
    placeOf(olivia.number),
    { changes: [changeOf('trustedDevices', 'NEVER', 'MONTH')] },
  )
  const factorOf = async (
    { row }: Person,
    method: SecondFactorMethod,
    createdAt: Date,
  ): Promise<SecondFactorEntity> => ({
    id: idAt(createdAt, faker),
    userId: row.id,
    method,
    name: factorNames[method],
    secret:
      method === 'TOTP' ? await services.secrets.seal(newTotpSecret(), totpSecretOf(row.id)) : null,
    lastUsedStep: null,
    phone: method === 'SMS' ? row.phone : null,
    // Nobody has the private key.
    credentialId: method === 'PASSKEY' ? newToken() : null,
    publicKey: method === 'PASSKEY' ? newToken() : null,
    signCount: method === 'PASSKEY' ? 0 : null,
    transports: method === 'PASSKEY' ? 'usb nfc' : null,
    aaguid: null,
    createdAt,
    lastUsedAt: row.lastSignInAt !== null && row.lastSignInAt > createdAt ? row.lastSignInAt : null,
  })
  const careful = all
    .filter(({ row, number }) => row.status === 'ACTIVE' && number > 3 && row.phone !== null)
    .filter(({ signIns }) => signIns.length > 2)
    .sort((one, other) => lastOf(other) - lastOf(one))
    .slice(0, 60)
  const kinds = [['TOTP', 'PASSKEY', 'SMS'], ['TOTP'], ['PASSKEY'], ['TOTP'], ['SMS']] as const
  const factors: SecondFactorEntity[] = []
  const owned = new Map<string, OwnedFactor>()
  const codes: RecoveryCodeEntity[] = []
  const devices: TrustedDeviceEntity[] = []
  for (const [index, life] of careful.entries()) {
    const { row, number, activatedAt } = life
    const from = new Date(Math.max((activatedAt ?? now).getTime(), now.getTime() - 90 * dayMs))
    const createdAt = faker.date.between({ from, to: hoursBefore(now, 30) })
    const [first] = kinds[index % kinds.length] ?? []
    if (first !== undefined) owned.set(row.id, { method: first, since: createdAt })
    for (const [place, method] of (kinds[index % kinds.length] ?? []).entries()) {
      const at = new Date(createdAt.getTime() + place * 5 * 60_000)
      factors.push(await factorOf(life, method, at))
      diary.note(at, 'ENROL_SECOND_FACTOR', row.id, row.id, placeOf(number), {
        changes: [changeOf('method', null, method)],
      })
    }
    for (let code = 0; code < 10; code += 1) {
      codes.push({
        id: idAt(createdAt, faker),
        userId: row.id,
        codeHash: hashOfNothing(),
        usedAt: code < index % 3 ? hoursBefore(now, 20 + code) : null,
      })
    }
    const trusted = index % 5 === 0 ? 2 : index % 3 === 1 ? 1 : 0
    for (let device = 0; device < trusted; device += 1) {
      const at = hoursBefore(now, 30 + 90 * device)
      devices.push({
        id: idAt(at, faker),
        userId: row.id,
        tokenHash: hashOfNothing(),
        passwordChangedAt: row.passwordChangedAt,
        ...placeOf(number, device),
        createdAt: at,
        lastUsedAt: hoursBefore(now, 4 + 20 * device),
        expiresAt: new Date(at.getTime() + 30 * dayMs),
      })
    }
  }
  await insertMany(unit.rows(SecondFactorEntity), factors)
  await insertMany(unit.rows(RecoveryCodeEntity), codes)
  await insertMany(unit.rows(TrustedDeviceEntity), devices)
  return owned
}

/** API tokens: in use, close to its end, never used, and suspended by a block. */
const addApiTokens = async (
  unit: WritingUnitOfWork,
  { all, now, diary, faker, olivia, adam }: Story,
): Promise<void> => {
  const boris = all[3] ?? adam
  const tokenOf = (
    owner: Person,
    name: string,
    permissions: Permission[],
    days: readonly [since: number, left: number],
    usedHoursAgo: number | null,
  ): ApiTokenEntity => {
    const token = newApiToken()
    const createdAt = hoursBefore(now, days[0] * 24)
    const prefix = prefixOf(token)
    diary.note(createdAt, 'CREATE_API_TOKEN', owner.row.id, owner.row.id, placeOf(owner.number), {
      changes: [
        changeOf('apiTokenPrefix', null, prefix),
        changeOf('permissions', null, permissions),
      ],
    })
    return {
      id: idAt(createdAt, faker),
      userId: owner.row.id,
      tokenHash: hashToken(token),
      prefix,
      name,
      permissions,
      createdAt,
      expiresAt: new Date(now.getTime() + days[1] * dayMs),
      lastUsedAt: usedHoursAgo === null ? null : hoursBefore(now, usedHoursAgo),
      lastUsedIp: usedHoursAgo === null ? null : '203.0.113.200',
      suspendedAt: owner.blockedAt,
    }
  }
  const payroll = tokenOf(olivia, 'Payroll sync', ['users.read', 'users.manage'], [80, 285], 2)
  await insertMany(unit.rows(ApiTokenEntity), [
    payroll,
    tokenOf(olivia, 'Monthly report', ['users.read'], [27, 3], 31),
    tokenOf(adam, 'Audit archive', ['operations.read'], [6, 84], null),
    tokenOf(boris, 'Old script', ['users.read'], [60, 305], 24 * 20),
  ])
  for (let number = 0; number < 8; number += 1) {
    const subject = all[20 + number * 11] ?? adam
    const place = { ip: '203.0.113.200', userAgent: 'payroll-sync/2.4' }
    const at = hoursBefore(now, 2 + number * 72)
    diary.note(at, 'UPDATE_USER', olivia.row.id, subject.row.id, place, {
      changes: [{ name: 'phone', from: null, to: null }],
      apiTokenPrefix: payroll.prefix,
    })
  }
}

/** Users who must choose another password, and the bulk job that required it. */
const addRequiredChanges = async (
  unit: WritingUnitOfWork,
  { all, now, diary, faker, adam }: Story,
): Promise<void> => {
  const chosen = all
    .filter(({ row, number }) => row.status === 'ACTIVE' && row.role === 'MEMBER' && number > 3)
    .filter(({ number }) => number % 10 >= 7)
    .slice(0, 7)
  const userIds = chosen.map(({ row }) => row.id)
  const startedAt = hoursBefore(now, 3 * 24 + 2)
  const place = placeOf(adam.number)
  const action = 'REQUIRE_PASSWORD_CHANGE'
  const total = chosen.length
  await unit
    .rows(UserEntity)
    .update({ id: In(userIds) }, { mustChangePassword: true, updatedAt: startedAt, version: 2 })
  diary.note(startedAt, 'START_BULK_JOB', adam.row.id, null, place, {
    changes: [changeOf('action', action, action), changeOf('total', total, total)],
  })
  for (const id of userIds) {
    diary.note(new Date(startedAt.getTime() + 1_000), action, adam.row.id, id, place)
  }
  const job: BulkJobEntity = {
    id: idAt(startedAt, faker),
    starterId: adam.row.id,
    apiTokenId: null,
    apiTokenPrefix: null,
    action,
    reason: null,
    status: 'DONE',
    stopReason: null,
    total,
    done: total,
    refused: 0,
    skipped: 0,
    createdAt: startedAt,
    finishedAt: new Date(startedAt.getTime() + 2_000),
    ...place,
    requestId: idAt(startedAt, faker),
  }
  await insertMany(unit.rows(BulkJobEntity), [job])
  await insertMany(
    unit.rows(BulkJobUserEntity),
    userIds.map((userId, index) => ({
      jobId: job.id,
      position: index + 1,
      userId,
      outcome: 'DONE' as const,
      reason: null,
    })),
  )
}

/**
 * Mails that could not be delivered. None waits, and none has a body, so that no mail is ever sent
 * to an address of the demo.
 */
const addUndeliveredMails = async (
  unit: WritingUnitOfWork,
  { all, now, faker }: Story,
): Promise<void> => {
  // A failure of the last 24 hours would be announced on every page.
  const invited = all.filter(
    ({ row }) => row.status === 'INVITED' && row.createdAt < hoursBefore(now, 25),
  )
  const active = all.filter(({ row, number }) => row.status === 'ACTIVE' && number > 3)
  const mails = [
    [invited[0], 'You are invited to Rekey', 550, 'No such user here', 5, 'FAILED'],
    [invited[1], 'You are invited to Rekey', 552, 'The mailbox is full', 30, 'FAILED'],
    [active[7], 'Your password was changed', 550, 'Relaying is denied', 52, 'FAILED'],
    [active[15], 'New sign-in to your account', 451, 'Try again later', 140, 'DROPPED'],
  ] as const
  const rows = mails.flatMap(([to, subject, smtpCode, failure, hours, state]) => {
    if (to === undefined) return []
    const { id, login, createdAt, status } = to.row
    const isInvitation = status === 'INVITED'
    const at = isInvitation ? createdAt : hoursBefore(now, hours)
    const row: OutboxMailEntity = {
      id: idAt(at, faker),
      recipient: login,
      recipientHost: hostOf(login),
      subject,
      reference: isInvitation ? invitationReference(id) : null,
      sealedBody: null,
      text: '',
      html: '',
      createdAt: at,
      state,
      attempts: 1,
      nextAttemptAt: at,
      claimedUntil: null,
      giveUpAt: new Date(at.getTime() + 5 * dayMs),
      linkExpiresAt: isInvitation ? new Date(at.getTime() + invitationMs) : null,
      failure,
      smtpCode,
      endedAt: new Date(at.getTime() + 90_000),
    }
    return [row]
  })
  await insertMany(unit.rows(OutboxMailEntity), rows)
}

/** A list of allowed addresses that is not switched on. */
const addAllowedAddresses = async (
  unit: WritingUnitOfWork,
  { now, diary, faker, olivia }: Story,
): Promise<void> => {
  const at = hoursBefore(now, 20 * 24)
  const rows = [
    ['203.0.113.0/24', 'Office'],
    ['2001:db8::/32', 'VPN'],
  ].map(([range = '', label = '']): AllowedAddressEntity => {
    diary.note(at, 'ADD_ALLOWED_ADDRESS', olivia.row.id, null, placeOf(olivia.number), {
      changes: [changeOf('range', null, range)],
    })
    return { id: idAt(at, faker), range, label, createdAt: at, createdBy: olivia.row.id }
  })
  await insertMany(unit.rows(AllowedAddressEntity), rows)
}

/** Adds what belongs to the users of the demo, except their second factors. */
export const addBelongings = async (unit: WritingUnitOfWork, story: Story): Promise<void> => {
  await addSessions(unit, story)
  await addInvitations(unit, story)
  await addApiTokens(unit, story)
  await addRequiredChanges(unit, story)
  await addUndeliveredMails(unit, story)
  await addAllowedAddresses(unit, story)
}
