import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { IconDownload, IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import { CopyButton } from '../ui/CopyButton'
import { ShownOnceDialog } from '../ui/ShownOnceDialog'
import { saveFile } from '../ui/save-file'
import classes from './RecoveryCodes.module.css'

const fileOf = (codes: readonly string[], login: string): string =>
  [
    `Recovery codes of ${login} at ${window.location.host}`,
    `Made on ${new Date().toISOString().slice(0, 10)}. Each code works once, instead of the second factor.`,
    '',
    ...codes,
    '',
  ].join('\n')

const Content = ({
  codes,
  login,
  onClose,
}: Omit<Props, 'codes'> & { codes: readonly string[] }) => {
  const [kept, setKept] = useState(false)
  return (
    <Stack gap="md">
      <Alert color="yellow" icon={<IconKey />}>
        The codes are shown only now. Keep them where you can find them without this device: on
        paper, or in a password manager.
      </Alert>
      <Text size="sm">
        If you don’t have your second factor, sign in with your password and one of these codes.
        Each code works once.
      </Text>
      <ul className={classes.codes} aria-label="Recovery codes">
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="xs">
        <CopyButton text={codes.join('\n')} label="Copy" />
        <Button
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => saveFile('rekey-recovery-codes.txt', fileOf(codes, login), 'text/plain')}
        >
          Download
        </Button>
      </Group>
      <Checkbox
        checked={kept}
        onChange={event => setKept(event.currentTarget.checked)}
        label="I have saved the codes"
      />
      <Group justify="flex-end">
        <Button disabled={!kept} onClick={onClose}>
          Done
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
export const RecoveryCodesDialog = ({ codes, login, onClose }: Props) => (
  <ShownOnceDialog
    value={codes}
    title="Your recovery codes"
    warning="These codes cannot be shown again. Leave only if you have saved them."
  >
    {shown => <Content codes={shown} login={login} onClose={onClose} />}
  </ShownOnceDialog>
)
