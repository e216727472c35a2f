import { Stack } from '@mantine/core'
import { OwnSecondFactors } from '../second-factor/OwnSecondFactors'
import { SessionsSection } from '../sessions/SessionsSection'
import { PasswordCard } from './PasswordCard'

/** Everything about how the user signs in: password, second factors, trusted devices and sessions. */
export const SecurityTab = () => (
  <Stack gap="lg" maw={760}>
    <PasswordCard />
    <OwnSecondFactors />
    <SessionsSection />
  </Stack>
)
