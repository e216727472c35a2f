import { useQuery } from '@apollo/client/react'
import { Card, Stack, Text, TextInput, Title } from '@mantine/core'
import { type PasswordPolicy, passwordRulesAttribute } from '@rekey/shared/password-policy'
import { useMemo, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { judge } from '../passwords/new-password'
import { PasswordChecklist } from '../passwords/PasswordChecklist'
import { PasswordPolicyQuery, useCommonPasswords } from '../passwords/password-policy'
import { useViewer } from '../sessions/use-viewer'
import { leftToRight } from '../ui/left-to-right'
import classes from './TryPassword.module.css'

interface Props {
  /** The policy as it is edited. */
  policy: PasswordPolicy
}

/** A field to try a password, with the checklist that users will see. */
export const TryPassword = ({ policy: edited }: Props) => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const { data } = useQuery(PasswordPolicyQuery)
  const [password, setPassword] = useState('')
  const contextWords = data?.passwordPolicy.contextWords
  const policy = useMemo(
    () => ({
      rules: edited,
      passwordRules: passwordRulesAttribute(edited),
      contextWords: contextWords ?? [],
    }),
    [edited, contextWords],
  )
  const commonPasswords = useCommonPasswords(policy)
  const rules = judge(policy.rules, password, {
    ...(viewer ? { login: viewer.login } : {}),
    contextWords: [...policy.contextWords, viewer?.name ?? ''],
    ...(commonPasswords === undefined ? {} : { commonPasswords }),
  })
  return (
    <Card
      withBorder
      padding="lg"
      component="section"
      aria-labelledby="try-password"
      className={classes.card ?? ''}
    >
      <Title order={2} size="h5" mb={4} id="try-password">
        {t('settings.passwordPolicy.try')}
      </Title>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('settings.passwordPolicy.tryHint')}
        </Text>
        <TextInput
          label={t('settings.passwordPolicy.tryField')}
          {...leftToRight}
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
          maxLength={1_000}
          // It belongs to no form: Enter saves nothing, and no password manager offers to keep it.
          form=""
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
        />
        <PasswordChecklist rules={rules} />
      </Stack>
    </Card>
  )
}
