/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.job;

import dev.totem.core.ConfigChange;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.LeaderOnly;
import dev.totem.spring.boot.TotemListener;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** Started twice, its job runs once a second all the same. */
@SpringBootApplication
@EnableScheduling
public class JobApplication {

    private final TotemNode node;

    public JobApplication(TotemNode node) {
        this.node = node;
    }

    public static void main(String[] args) {
        SpringApplication.run(JobApplication.class, args);
    }

    /** The job. */
    @LeaderOnly("report")
    @Scheduled(fixedRateString = "${job.period:1s}")
    public void report() {
        System.out.println("report made by instance " + node.id());
    }

    /** Who is there, whenever that changes. */
    @TotemListener
    public void members(ConfigChange change) {
        System.out.println("instance " + node.id() + " sees " + change.members());
    }
}
