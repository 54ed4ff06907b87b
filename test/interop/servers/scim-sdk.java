import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.captaingoldfish.scim.sdk.common.constants.ScimType;
import de.captaingoldfish.scim.sdk.common.constants.enums.HttpMethod;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.etag.ETag;
import de.captaingoldfish.scim.sdk.common.exceptions.ConflictException;
import de.captaingoldfish.scim.sdk.common.exceptions.ResourceNotFoundException;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.ResourceNode;
import de.captaingoldfish.scim.sdk.common.resources.ServiceProvider;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.resources.complex.BulkConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.ChangePasswordConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.ETagConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.FilterConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.Meta;
import de.captaingoldfish.scim.sdk.common.resources.complex.PatchConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.SortConfig;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.AuthenticationScheme;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.GroupNode;
import de.captaingoldfish.scim.sdk.common.response.ScimResponse;
import de.captaingoldfish.scim.sdk.common.schemas.SchemaAttribute;
import de.captaingoldfish.scim.sdk.common.utils.JsonHelper;
import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.endpoints.EndpointDefinition;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceEndpoint;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceHandler;
import de.captaingoldfish.scim.sdk.server.endpoints.authorize.Authorization;
import de.captaingoldfish.scim.sdk.server.endpoints.base.GroupEndpointDefinition;
import de.captaingoldfish.scim.sdk.server.endpoints.base.MeEndpointDefinition;
import de.captaingoldfish.scim.sdk.server.endpoints.base.UserEndpointDefinition;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import de.captaingoldfish.scim.sdk.server.response.PartialListResponse;
import de.captaingoldfish.scim.sdk.server.schemas.custom.ETagFeature;
import de.captaingoldfish.scim.sdk.server.schemas.custom.ResourceTypeFeatures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * Serves SCIM-SDK on a port of the system's choosing: one empty tenant per first path segment, each at /TENANT/v2.
 *
 * <p>usage: java -cp 'JARS/*' scim-sdk.java TOKEN ME
 *
 * <p>TOKEN is the bearer token to require, ME the userName of the user that /Me stands for. Prints {"port": ...} once the
 * socket is bound, and ends when its standard input does, so that no server outlives the test run.
 */
final class Launcher {

  private static String token;
  private static String me;
  private static final Map<String, Tenant> tenants = new ConcurrentHashMap<>();

  public static void main(String[] arguments) throws IOException {
    token = arguments[0];
    me = arguments[1];
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.createContext("/", Launcher::handle);
    server.start();
    System.out.println("{\"port\": " + server.getAddress().getPort() + "}");
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private static void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new HashMap<>();
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(", ", values)));
      String name = exchange.getRequestURI().getRawPath().split("/")[1];
      String url = "http://" + exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI();
      HttpMethod method = HttpMethod.valueOf(exchange.getRequestMethod());
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      ScimResponse answer =
          tenants.computeIfAbsent(name, __ -> new Tenant()).answer(url, method, body, headers);
      answer.getHttpHeaders().forEach(exchange.getResponseHeaders()::set);
      int status = answer.getHttpStatus();
      byte[] text = answer.toString().getBytes(StandardCharsets.UTF_8);
      boolean empty = status == 204 || status == 304;
      exchange.sendResponseHeaders(status, empty ? -1 : text.length);
      if (!empty) exchange.getResponseBody().write(text);
    }
  }

  /** A directory that counts ids and seconds, so that the same requests give the same answers. */
  private static final class Tenant {
    final Map<String, User> users = new LinkedHashMap<>();
    final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final ResourceEndpoint endpoint = new ResourceEndpoint(provider());

    Tenant() {
      add(new UserEndpointDefinition(new Users(this)), false);
      add(new GroupEndpointDefinition(new Groups(this)), false);
      add(new MeEndpointDefinition(new Me(this)), true);
    }

    private void add(EndpointDefinition definition, boolean singleton) {
      ETagFeature versions = ETagFeature.builder().enabled(true).build();
      endpoint
          .registerEndpoint(definition)
          .setFeatures(
              ResourceTypeFeatures.builder()
                  .autoFiltering(!singleton)
                  .autoSorting(!singleton)
                  .singletonEndpoint(singleton)
                  .eTagFeature(versions)
                  .build());
    }

    private static ServiceProvider provider() {
      AuthenticationScheme bearer =
          AuthenticationScheme.builder().name("Bearer").description("a token").type("oauthbearertoken").build();
      return ServiceProvider.builder()
          .filterConfig(FilterConfig.builder().supported(true).maxResults(100).build())
          .sortConfig(SortConfig.builder().supported(true).build())
          .changePasswordConfig(ChangePasswordConfig.builder().supported(true).build())
          .bulkConfig(BulkConfig.builder().supported(true).maxOperations(50).maxPayloadSize(65536L).build())
          .patchConfig(PatchConfig.builder().supported(true).build())
          .eTagConfig(ETagConfig.builder().supported(true).build())
          .authenticationSchemes(List.of(bearer))
          .build();
    }

    synchronized ScimResponse answer(String url, HttpMethod method, String body, Map<String, String> headers) {
      return endpoint.handleRequest(url, method, body, headers, new Context(new Bearer()));
    }

    Instant tick() {
      return now = now.plusSeconds(1);
    }

    String newId(String kind) {
      return kind.toLowerCase() + "-" + ids.merge(kind, 1, Integer::sum);
    }
  }

  /** Keeps resources in memory; SCIM-SDK filters, sorts, patches and compares versions. */
  private abstract static class Store<T extends ResourceNode> extends ResourceHandler<T> {
    final Tenant tenant;
    final Map<String, T> resources;
    private final String kind;

    Store(Tenant tenant, String kind, Map<String, T> resources) {
      this.tenant = tenant;
      this.kind = kind;
      this.resources = resources;
    }

    /** Refuses what collides with another resource. */
    void check(T resource) {}

    /** A resource as it is given away; what SCIM-SDK does to it does not reach the store. */
    T shown(T stored) {
      return JsonHelper.copyResourceToObject(stored.deepCopy(), getType());
    }

    private T put(T resource, String id, Optional<Instant> created, Context context) {
      check(resource);
      Instant now = tenant.tick();
      T stored = JsonHelper.copyResourceToObject(resource.deepCopy(), getType());
      stored.setId(id);
      stored.remove("meta");
      stored.setMeta(
          Meta.builder()
              .resourceType(kind)
              .created(created.orElse(now))
              .lastModified(now)
              .location(context.getCrossResourceReferenceUrl(id, kind).orElseThrow())
              .version(ETag.builder().weak(true).tag(Long.toString(now.getEpochSecond())).build())
              .build());
      resources.put(id, stored);
      return shown(stored);
    }

    private T found(String id) {
      T found = resources.get(id);
      if (found == null) throw new ResourceNotFoundException("there is no " + kind + " " + id, null, null);
      return found;
    }

    @Override
    public T createResource(T resource, Context context) {
      resource.remove("id");
      check(resource);
      return put(resource, tenant.newId(kind), Optional.empty(), context);
    }

    @Override
    public T getResource(
        String id, List<SchemaAttribute> attributes, List<SchemaAttribute> excluded, Context context) {
      return shown(found(id));
    }

    @Override
    public PartialListResponse<T> listResources(
        long startIndex,
        int count,
        FilterNode filter,
        SchemaAttribute sortBy,
        SortOrder sortOrder,
        List<SchemaAttribute> attributes,
        List<SchemaAttribute> excluded,
        Context context) {
      List<T> all = new ArrayList<>();
      for (T stored : resources.values()) all.add(shown(stored));
      return PartialListResponse.<T>builder().resources(all).totalResults(all.size()).build();
    }

    @Override
    public T updateResource(T resource, Context context) {
      String id = resource.getId().orElseThrow();
      return put(resource, id, found(id).getMeta().flatMap(Meta::getCreated), context);
    }

    @Override
    public void deleteResource(String id, Context context) {
      resources.remove(found(id).getId().orElseThrow());
    }
  }

  private static class Users extends Store<User> {
    Users(Tenant tenant) {
      super(tenant, "User", tenant.users);
    }

    @Override
    void check(User user) {
      String userName = user.getUserName().orElseThrow();
      for (User other : resources.values()) {
        boolean taken = other.getUserName().orElseThrow().equalsIgnoreCase(userName);
        if (taken && !other.getId().equals(user.getId()))
          throw new ConflictException("the userName is taken", ScimType.RFC7644.UNIQUENESS);
      }
    }

    @Override
    User shown(User stored) {
      User user = super.shown(stored);
      user.remove("groups");
      for (Group group : tenant.groups.values()) {
        if (group.getMembers().stream().noneMatch(member -> member.getValue().equals(stored.getId()))) continue;
        String display = group.getDisplayName().orElse(null);
        user.addGroup(GroupNode.builder().value(group.getId().orElseThrow()).display(display).build());
      }
      return user;
    }
  }

  /** The user of that name, whatever id is asked for. */
  private static final class Me extends Users {
    Me(Tenant tenant) {
      super(tenant);
    }

    private String id() {
      for (User user : resources.values())
        if (user.getUserName().equals(Optional.of(me))) return user.getId().orElseThrow();
      throw new ResourceNotFoundException("there is no user named " + me, null, null);
    }

    @Override
    public User getResource(
        String id, List<SchemaAttribute> attributes, List<SchemaAttribute> excluded, Context context) {
      return super.getResource(id(), attributes, excluded, context);
    }

    @Override
    public User updateResource(User user, Context context) {
      user.setId(id());
      return super.updateResource(user, context);
    }

    @Override
    public void deleteResource(String id, Context context) {
      super.deleteResource(id(), context);
    }
  }

  private static final class Groups extends Store<Group> {
    Groups(Tenant tenant) {
      super(tenant, "Group", tenant.groups);
    }
  }

  private static final class Bearer implements Authorization {
    @Override
    public Set<String> getClientRoles() {
      return Set.of();
    }

    @Override
    public boolean authenticate(Map<String, String> headers, Map<String, String> query) {
      return ("Bearer " + token).equals(headers.get("Authorization"));
    }
  }
}
