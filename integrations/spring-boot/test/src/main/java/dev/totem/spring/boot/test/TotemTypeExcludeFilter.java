/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.test;

import dev.totem.blocks.Codec;
import dev.totem.spring.boot.LeaderOnly;
import dev.totem.spring.boot.TotemListener;
import dev.totem.spring.boot.TotemListenerErrorHandler;
import java.io.IOException;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** Lets beans in that do something on a ring. */
final class TotemTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<TotemTest> {

    TotemTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return Set.of(LeaderOnly.class, Codec.class, TotemListenerErrorHandler.class);
    }

    @Override
    protected boolean defaultInclude(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
        AnnotationMetadata type = reader.getAnnotationMetadata();
        return super.defaultInclude(reader, factory)
                || type.hasAnnotatedMethods(TotemListener.class.getName())
                || type.hasAnnotatedMethods(LeaderOnly.class.getName());
    }
}
