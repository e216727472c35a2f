import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { CodeBlock } from './CodeBlock'
import { CopyButton } from './CopyButton'
import { leftToRight } from './left-to-right'
import classes from './SecretDialog.module.css'
import { ShownOnceDialog } from './ShownOnceDialog'

interface ContentProps {
  secret: string
  /** The name of the secret. */
  label: string
  /** The purpose of the secret, and what to do if it is lost. */
  children: ReactNode
  /** Returns a program that uses the secret. */
  example?: (secret: string) => string
  onClose: () => void
}

const Content = ({ secret, label, children, example, onClose }: ContentProps) => {
  const { t } = useLocale()
  const [copied, setCopied] = useState(false)
  const [asked, setAsked] = useState(false)
  const onCopied = () => {
    setCopied(true)
    setAsked(false)
  }
  return (
    // Also notices if the user copies it without the button.
    <Stack gap="md" onCopy={onCopied}>
      <Text size="sm">{children}</Text>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <Textarea
          className={classes.secret}
          label={label}
          {...leftToRight}
          readOnly
          rows={2}
          flex={1}
          value={secret}
          onFocus={event => event.currentTarget.select()}
        />
        <CopyButton text={secret} label={t('ui.button.copy')} autoFocus onCopied={onCopied} />
      </Group>
      {example !== undefined && (
        <Stack gap="xs" align="stretch">
          <Group justify="space-between">
            <Text size="sm" fw={600}>
              {t('ui.secretDialog.tryIt')}
            </Text>
            <CopyButton
              text={example(secret)}
              label={t('ui.secretDialog.copyExample')}
              onCopied={onCopied}
            />
          </Group>
          <CodeBlock label={t('ui.secretDialog.example')}>{example(secret)}</CodeBlock>
        </Stack>
      )}
      {asked && (
        <Alert color="yellow" icon={<IconAlertTriangle />} role="alert">
          {t('ui.secretDialog.notCopied')}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button
          variant={asked ? 'default' : 'filled'}
          onClick={() => (copied || asked ? onClose() : setAsked(true))}
        >
          {asked ? t('ui.secretDialog.closeWithoutCopying') : t('ui.button.done')}
        </Button>
      </Group>
    </Stack>
  )
}

interface Props extends Omit<ContentProps, 'secret'> {
  /** Null if no secret is to be shown. */
  secret: string | null
  title: string
}

/** Shows a secret once. If the user has not copied it, asks before the dialog closes. */
export const SecretDialog = ({ secret, title, ...props }: Props) => {
  const { t } = useLocale()
  return (
    <ShownOnceDialog value={secret} title={title} warning={t('ui.secretDialog.warning')} size={560}>
      {shown => <Content secret={shown} {...props} />}
    </ShownOnceDialog>
  )
}
