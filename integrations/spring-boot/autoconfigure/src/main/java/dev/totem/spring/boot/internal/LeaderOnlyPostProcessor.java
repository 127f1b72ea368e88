/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.spring.boot.LeaderOnly;
import dev.totem.spring.boot.TotemLeadership;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.annotation.AnnotationUtils;

/** Puts proxies around beans that have {@link LeaderOnly} methods. As all {@link AbstractAdvisingBeanPostProcessor}s. */
public final class LeaderOnlyPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

    private static final long serialVersionUID = 1L;

    /**
     * @param leadership asked at each call
     * @param placeholders resolves those in names of elections
     */
    public LeaderOnlyPostProcessor(Supplier<TotemLeadership> leadership, UnaryOperator<String> placeholders) {
        setBeforeExistingAdvisors(true);
        setProxyTargetClass(true);
        this.advisor = new DefaultPointcutAdvisor(
                new LeaderOnlyPointcut(), new LeaderOnlyInterceptor(leadership, placeholders));
    }

    /** Asked for each bean before it gets a proxy, which would leave out what cannot be overridden, or could not be made at all. */
    @Override
    protected boolean isEligible(Class<?> targetClass) {
        boolean isEligible = super.isEligible(targetClass);
        if (isEligible) {
            AnnotatedMethods.of(targetClass, LeaderOnlyMethods::annotation)
                    .keySet()
                    .forEach(method -> Interceptable.check(method, targetClass));
        }
        return isEligible;
    }

    private static final class LeaderOnlyPointcut extends StaticMethodMatcherPointcut {

        LeaderOnlyPointcut() {
            setClassFilter(type -> AnnotationUtils.isCandidateClass(type, LeaderOnly.class));
        }

        @Override
        public boolean matches(Method method, Class<?> type) {
            return LeaderOnlyMethods.annotation(method, type).isPresent();
        }
    }
}
