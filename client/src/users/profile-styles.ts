// What a profile needs beside app/signed-in-styles.ts.
import '@mantine/core/styles/SimpleGrid.css'
import '@mantine/core/styles/Tabs.css'
