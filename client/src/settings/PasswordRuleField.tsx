import { canBeSwitchedOff, type PasswordRule, ruleBounds } from '@rekey/shared/password-policy'
import { useFormikContext } from 'formik'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { type PolicyValues, requirementOf, ruleTitleMessages } from './password-policy-settings'
import { SwitchedNumber } from './SwitchedNumber'

const boundMessages: Partial<Record<PasswordRule, PlainMessageId>> = {
  CONTAINS_LOGIN: 'settings.passwordPolicy.bound.CONTAINS_LOGIN',
  CONTEXT_WORD: 'settings.passwordPolicy.bound.CONTEXT_WORD',
  REUSED: 'settings.passwordPolicy.bound.REUSED',
}

interface Props {
  rule: PasswordRule
  disabled: boolean
  /** A hint below the rule. */
  hint?: string
}

/** The switch of a rule, and its number. */
export const PasswordRuleField = ({ rule, disabled, hint }: Props) => {
  const { t } = useLocale()
  const { values } = useFormikContext<PolicyValues>()
  const bound = ruleBounds[rule]
  const alwaysOn = !canBeSwitchedOff(rule)
  const requirement = requirementOf(t, values, rule)
  return (
    <SwitchedNumber
      name={rule}
      title={t(ruleTitleMessages[rule])}
      description={alwaysOn ? t('settings.passwordPolicy.alwaysOn', { requirement }) : requirement}
      bound={
        bound && {
          ...bound,
          label: t(boundMessages[rule] ?? 'settings.passwordPolicy.bound.characters'),
        }
      }
      disabled={disabled}
      alwaysOn={alwaysOn}
      hint={hint}
    />
  )
}
