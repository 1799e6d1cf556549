"""The server dies while the page is open: the page says so and comes back to the same comparison by itself."""


def test_the_page_survives_a_restart_of_the_server(own_server, browser):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(240_000)
    page.goto(own_server.address + "?world=reference&lang=en")
    page.locator("[data-policy=regular-meetings]").click()
    page.wait_for_function("document.querySelector('.st')?.innerText.includes('Done')")
    before = page.locator("h1").inner_text()
    own_server.stop()
    page.locator(".offline").wait_for()
    assert page.locator(".offline").inner_text().startswith("No connection.")
    assert page.locator("h1").inner_text() == before
    # What would be changed now would be lost, so nothing can be; reading goes on.
    page.wait_for_function(
        "![...document.querySelectorAll('main :is(button, input, select):not(.term):not(.dock *)')]"
        ".some(control => !control.disabled)"
    )
    page.locator("figure + .foot summary").first.click()
    assert page.locator(".figures details[open]").count() == 1
    own_server.start()
    page.locator(".offline").wait_for(state="detached")
    page.wait_for_function("document.querySelector('.st')?.innerText.includes('Done')")
    assert page.locator("h1").inner_text() == before
    assert "A=regular-meetings" in page.url
    assert page.locator("[data-policy=regular-meetings]").is_enabled()
    context.close()


def test_computing_is_halted_while_there_is_no_connection(own_server, browser):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(240_000)
    page.goto(own_server.address + "?world=projection&A=recommendations&B=broad-embedding")
    page.wait_for_function("document.querySelector('.st')?.innerText.includes('gerekend')")
    own_server.stop()
    page.wait_for_function("document.querySelector('.st').innerText.includes('Stilgezet')")
    assert page.locator("[data-do=stop]").count() == 0
    own_server.start()
    page.wait_for_function("document.querySelector('.st')?.innerText.includes('Klaar')")
    context.close()
