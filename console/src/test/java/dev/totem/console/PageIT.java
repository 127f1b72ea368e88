/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.TestRing;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page needs nothing but what the console serves. */
class PageIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Pattern REFERENCE =
            Pattern.compile("(?:href|src|action|data)=\"([^\"]*)\"|url\\(([^)]*)\\)|(?:@import\\s+\"|from ')([^\"']*)[\"']");
    private static final Pattern ELSEWHERE = Pattern.compile("(?i)[a-z]+://[^\\s\"']+");

    private final HttpClient client = HttpClient.newHttpClient();
    private TestRing ring;
    private TotemConsole console;

    @BeforeEach
    void starts() {
        ring = TestRing.of(1);
        ring.awaitOneRing().block(SOON);
        console = Objects.requireNonNull(TotemConsole.on(ring.node(1)).start().block(SOON));
    }

    @AfterEach
    void ends() {
        console.close().block(SOON);
        ring.close();
    }

    private HttpResponse<String> get(URI at) throws Exception {
        return client.send(HttpRequest.newBuilder(at).timeout(SOON).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The page and all that it refers to, and what that refers to, by path. */
    private Map<String, HttpResponse<String>> files() throws Exception {
        URI root = URI.create(console.url());
        Map<String, HttpResponse<String>> files = new TreeMap<>();
        Deque<URI> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty()) {
            URI next = open.remove();
            if (files.containsKey(next.getPath())) {
                continue;
            }
            HttpResponse<String> answer = get(next);
            files.put(next.getPath(), answer);
            REFERENCE.matcher(answer.body()).results().forEach(found -> {
                String reference = found.group(1) != null
                        ? found.group(1)
                        : found.group(2) != null ? found.group(2) : found.group(3);
                URI to = next.resolve(reference);
                assertThat(to.getAuthority()).as(reference).isEqualTo(root.getAuthority());
                if (to.getFragment() == null) {
                    open.add(to);
                }
            });
        }
        return files;
    }

    @Test
    void allThatItRefersToIsServedHere() throws Exception {
        Map<String, HttpResponse<String>> files = files();

        assertThat(files).containsKeys("/", "/page.css", "/page.js", "/ring.js", "/parts.js", "/icon.svg", "/status", "/black-box");
        assertThat(files).allSatisfy((path, answer) -> {
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).as(path).isPresent();
            assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
                    .startsWith("default-src 'self';");
        });
    }

    @Test
    void nothingInItLeadsElsewhere() throws Exception {
        assertThat(files())
                .allSatisfy((path, answer) -> assertThat(
                                ELSEWHERE.matcher(answer.body()).results().map(found -> found.group()))
                        .as(path)
                        .allMatch("http://www.w3.org/2000/svg"::equals));
    }

    @Test
    void noScriptOrStyleStandsInThePageAndNoneIsMadeOfText() throws Exception {
        Map<String, HttpResponse<String>> files = files();

        String page = Objects.requireNonNull(files.get("/")).body();
        assertThat(page)
                .doesNotContain("<style", "style=", "javascript:")
                .doesNotContainPattern("<script(?![^>]* src=\"page\\.js\")")
                .doesNotContainPattern("(?i)\\son[a-z]+\\s*=");
        assertThat(files.keySet()).filteredOn(path -> path.endsWith(".js")).hasSizeGreaterThan(1).allSatisfy(path -> {
            String script = Objects.requireNonNull(files.get(path)).body();
            assertThat(script)
                    .doesNotContain(
                            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function");
            assertThat(script.lines().count()).isLessThan(400);
        });
    }

    @Test
    void thePageCanBeReadWithoutSeeingIt() throws Exception {
        String page = get(URI.create(console.url())).body();

        assertThat(page).contains("<html lang=\"en\">", "<main ", "role=\"status\"", "href=\"#main\"", "<noscript>");
        assertThat(Pattern.compile("aria-labelledby=\"([^\"]*)\"").matcher(page).results())
                .isNotEmpty()
                .allSatisfy(found -> {
                    for (String id : found.group(1).split(" ", -1)) {
                        assertThat(page).contains("id=\"" + id + "\"");
                    }
                });
        assertThat(Pattern.compile("<section(?![^>]*aria-labelledby)")
                        .matcher(page)
                        .find())
                .isFalse();
    }
}
