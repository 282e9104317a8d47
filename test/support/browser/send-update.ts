import type { Page } from 'playwright-core';

/**
 * Sends an update to the workflow whose page is open, as a reader does: by the menu of the page. `data` is the JSON
 * that goes with it. Returns the updates that the page offers, each with its description.
 */
export async function sendUpdate(page: Page, name: string, data = ''): Promise<readonly string[]> {
  const visible = (selector: string) => page.locator(selector).filter({ visible: true });
  await page.getByText('More Actions').first().click();
  await page.getByText('Send an Update').first().click();
  await visible('[data-testid="update-select"]').first().locator('xpath=..').click();
  const options = visible('[role=option]');
  await options.first().waitFor();
  const offered = await options.allInnerTexts();
  await options.filter({ hasText: new RegExp(`^\\s*${name}\\b`) }).click();
  if (data !== '') {
    await visible('.cm-content').last().click();
    await page.keyboard.insertText(data);
  }
  await page.getByRole('button', { name: 'Submit' }).filter({ visible: true }).click();
  await page.getByText('Update successful').first().waitFor();
  return offered.map((each) => each.replaceAll(/\s+/g, ' '));
}
