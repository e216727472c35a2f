import type { Translate } from '../messages/locale'
import type { ColumnMapping } from './columns'

/** Advice for lines that cannot be used. */
export const adviceOn = (
  t: Translate,
  bad: number,
  good: number,
  mapping: ColumnMapping,
): string => {
  if (mapping.login === null) {
    return mapping.firstName === null
      ? t('invitations.advice.noLoginAndFirstName')
      : t('invitations.advice.noLogin')
  }
  if (mapping.firstName === null) return t('invitations.advice.noFirstName')
  return good === 0
    ? t('invitations.advice.allBad')
    : t('invitations.advice.someBad', { count: bad })
}

/** The number of lines that succeeded, with advice for the others. */
export const outcomeInWords = (t: Translate, failed: number, all: number): string =>
  failed === 0
    ? t('invitations.report.allInvited')
    : t('invitations.report.failed', { failed, all })
