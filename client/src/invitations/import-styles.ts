// What the import needs beside the styles of every page.
import '@mantine/core/styles/ScrollArea.css'
import '@mantine/core/styles/SimpleGrid.css'
import '@mantine/core/styles/Progress.css'
import '@mantine/core/styles/Combobox.css'
import '@mantine/core/styles/Table.css'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/Checkbox.css'
