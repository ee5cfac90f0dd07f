# syntax=docker/dockerfile:1
# Builds the agent, then keeps only what it needs to run.

FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
# --build-arg HEARTH_PROFILE=tornadovm adds the backend for OpenCL devices; its SDK is mounted at run time.
ARG HEARTH_PROFILE=
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -q ${HEARTH_PROFILE:+-P$HEARTH_PROFILE} -pl agent -am -Dmaven.test.skip=true -Dspotless.check.skip=true -Dmdep.analyze.skip=true \
      -Djacoco.skip=true package \
 && java -Djarmode=tools -jar agent/target/hearth-agent-*-exec.jar extract --destination /out \
 && mv /out/hearth-agent-*-exec.jar /out/hearth.jar

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /hearth --shell /usr/sbin/nologin hearth \
 && mkdir -p /hearth/config /data && chown hearth:hearth /hearth /data
WORKDIR /hearth
COPY --from=build /out/lib lib
COPY --from=build /out/hearth.jar hearth.jar
COPY config/application.yaml config/application.yaml
USER hearth
# The same options as ./hearth uses, which says why; the archive fits only the options it was made with.
ENV JAVA_OPTIONS="--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xms64m -Xmx192m -XX:MaxDirectMemorySize=64g -XX:MaxMetaspaceSize=160m -Xss512k -XX:+ExitOnOutOfMemoryError -XX:+UseCompactObjectHeaders -XX:CompileThresholdScaling=3 -Dfile.encoding=UTF-8 -Dspring.aot.enabled=true"
# A short life of the agent in which the virtual machine records what it loads, for a faster start.
# Writing the archive takes room in the class space, a part of the metaspace: more than a start needs.
RUN HEARTH_DATA=/tmp/training HEARTH_TOKEN=training-0123456789abcdef HEARTH_PORT=0 \
    java -XX:ArchiveClassesAtExit=/hearth/hearth.jsa $JAVA_OPTIONS -XX:MaxMetaspaceSize=640m -jar hearth.jar --hearth.train=true \
      >/tmp/training.log 2>&1 || { tail -n 50 /tmp/training.log; rm -f /hearth/hearth.jsa; }; \
    rm -rf /tmp/training /tmp/training.log
# With TORNADOVM_HOME set, as in ./hearth.
ENV TORNADO_OPTIONS="-XX:-UseParallelGC -Xmx1g -XX:MaxMetaspaceSize=512m"
ENV HEARTH_DATA=/data HEARTH_ADDRESS=0.0.0.0 HEARTH_PORT=8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$HEARTH_PORT && printf 'GET /actuator/health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '\"status\":\"UP\"' <&3"]
ENTRYPOINT ["sh", "-c", "${TORNADOVM_HOME:+export LD_PRELOAD=$JAVA_HOME/lib/libjsig.so}; exec java -XX:SharedArchiveFile=/hearth/hearth.jsa -Xlog:aot=off -Xlog:cds=off $JAVA_OPTIONS ${TORNADOVM_HOME:+@$TORNADOVM_HOME/tornado-argfile --module-path $(ls lib/log4j-api-*.jar $TORNADOVM_HOME/share/java/tornado/*.jar | grep -v 'tornado/log4j-api-\\|/jsr305-' | paste -sd:) $TORNADO_OPTIONS} $HEARTH_JAVA_OPTIONS -jar hearth.jar \"$@\"", "hearth"]
