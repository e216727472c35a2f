import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { IconDownload, IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import type { Locale } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { CopyButton } from '../ui/CopyButton'
import { ShownOnceDialog } from '../ui/ShownOnceDialog'
import { saveFile } from '../ui/save-file'
import classes from './RecoveryCodes.module.css'

const fileOf = (
  { t, formatDay }: Pick<Locale, 't' | 'formatDay'>,
  codes: readonly string[],
  login: string,
): string =>
  [
    t('second-factor.codes.fileHead', { login, host: window.location.host }),
    t('second-factor.codes.fileMade', { date: formatDay(new Date()) }),
    '',
    ...codes,
    '',
  ].join('\n')

const Content = ({
  codes,
  login,
  onClose,
}: Omit<Props, 'codes'> & { codes: readonly string[] }) => {
  const locale = useLocale()
  const { t } = locale
  const [kept, setKept] = useState(false)
  return (
    <Stack gap="md">
      <Alert color="yellow" icon={<IconKey />}>
        {t('second-factor.codes.onlyNow')}
      </Alert>
      <Text size="sm">{t('second-factor.codes.text')}</Text>
      <ul className={classes.codes} aria-label={t('second-factor.codes.label')}>
        {codes.map(code => (
          <li key={code}>
            <bdi>{code}</bdi>
          </li>
        ))}
      </ul>
      <Group gap="xs">
        <CopyButton text={codes.join('\n')} label={t('ui.button.copy')} />
        <Button
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() =>
            saveFile('rekey-recovery-codes.txt', fileOf(locale, codes, login), 'text/plain')
          }
        >
          {t('second-factor.codes.download')}
        </Button>
      </Group>
      <Checkbox
        checked={kept}
        onChange={event => setKept(event.currentTarget.checked)}
        label={t('second-factor.codes.saved')}
      />
      <Group justify="flex-end">
        <Button disabled={!kept} onClick={onClose}>
          {t('ui.button.done')}
        </Button>
      </Group>
    </Stack>
  )
}

interface Props {
  /** The codes to show; null closes the dialog. */
  codes: readonly string[] | null
  /** The login of the codes' owner. */
  login: string
  onClose: () => void
}

/** Shows recovery codes once. It closes only after the user confirms that they saved them. */
export const RecoveryCodesDialog = ({ codes, login, onClose }: Props) => {
  const { t } = useLocale()
  return (
    <ShownOnceDialog
      value={codes}
      title={t('second-factor.codes.title')}
      warning={t('second-factor.codes.warning')}
    >
      {shown => <Content codes={shown} login={login} onClose={onClose} />}
    </ShownOnceDialog>
  )
}
