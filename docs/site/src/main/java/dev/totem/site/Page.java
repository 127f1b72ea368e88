/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * One page as HTML.
 *
 * @param title its first heading
 * @param sections its headings of the second level
 */
record Page(String title, List<Section> sections, String html) {

    private static final List<TablesExtension> EXTENSIONS = List.of((TablesExtension) TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .extensions(EXTENSIONS)
            .attributeProviderFactory(context -> (node, tag, attributes) -> {
                if (node instanceof Heading heading) {
                    attributes.put("id", anchor(text(heading)));
                }
            })
            .build();

    /** A heading, and what a link names to get there. */
    record Section(String anchor, String heading) {}

    static Page of(Path root, String source, Navigation navigation, List<String> broken) throws IOException {
        Node document = PARSER.parse(Files.readString(root.resolve(source)));
        List<Heading> headings = headings(document);
        document.accept(new Links(root, source, navigation, broken));
        return new Page(
                headings.isEmpty() ? source : text(headings.get(0)),
                headings.stream()
                        .filter(heading -> heading.getLevel() == 2)
                        .map(heading -> new Section(anchor(text(heading)), text(heading)))
                        .toList(),
                RENDERER.render(document));
    }

    private static List<Heading> headings(Node document) {
        List<Heading> headings = new ArrayList<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                headings.add(heading);
            }
        });
        return headings;
    }

    /** As GitHub makes it, so that one link works in both places. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }
        });
        return text.toString();
    }

    /** Makes links from file to file links from page to page; what is no page of the site loses its link. */
    private static final class Links extends AbstractVisitor {

        private final Path root;
        private final String source;
        private final Navigation navigation;
        private final List<String> broken;

        Links(Path root, String source, Navigation navigation, List<String> broken) {
            this.root = root;
            this.source = source;
            this.navigation = navigation;
            this.broken = broken;
        }

        @Override
        public void visit(Link link) {
            String destination = link.getDestination();
            if (destination.startsWith("#") || destination.contains("://")) {
                return;
            }
            int fragment = destination.indexOf('#');
            String file = fragment < 0 ? destination : destination.substring(0, fragment);
            Path target = root.resolve(source).resolveSibling(file).normalize();
            Optional<Navigation.Entry> page =
                    navigation.entry(root.relativize(target).toString());
            if (page.isPresent()) {
                link.setDestination(page.get().address() + (fragment < 0 ? "" : destination.substring(fragment)));
            } else if (Files.exists(target)) {
                unlink(link);
            } else {
                broken.add(source + ": " + destination);
            }
        }

        private static void unlink(Link link) {
            for (Node part = link.getFirstChild(); part != null; part = link.getFirstChild()) {
                link.insertBefore(part);
            }
            link.unlink();
        }
    }
}
