// Serves elimity-com/scim on a port of the system's choosing: one empty tenant per first path segment, each at /TENANT/v2.
//
// usage: elimity-scim TOKEN ME
//
// TOKEN is the bearer token to require; there is no /Me, so that ME is not needed. Prints {"port": ...} once the socket is
// bound, and ends when its standard input does, so that no server outlives the test run.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/filter"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
	parser "github.com/scim2/filter-parser/v2"
)

type object = map[string]interface{}

// A tenant counts seconds, so that the same requests give the same answers.
type tenant struct {
	sync.Mutex
	scim.Server
	seconds time.Duration
}

func (t *tenant) tick() *time.Time {
	t.seconds += time.Second
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(t.seconds)
	return &now
}

// A store keeps the resources of one type in memory, in the order of their creation.
type store struct {
	tenant     *tenant
	kind       string
	schema     schema.Schema
	extensions []schema.Schema
	unique     string
	ids        int
	resources  []scim.Resource
}

func newTenant() *tenant {
	t := &tenant{}
	enterprise := schema.ExtensionEnterpriseUser()
	users := &store{tenant: t, kind: "user", schema: schema.CoreUserSchema(), unique: "userName"}
	users.extensions = []schema.Schema{enterprise}
	groups := &store{tenant: t, kind: "group", schema: schema.CoreGroupSchema()}
	server, err := scim.NewServer(&scim.ServerArgs{
		ServiceProviderConfig: &scim.ServiceProviderConfig{
			MaxResults:       100,
			SupportFiltering: true,
			SupportPatch:     true,
			AuthenticationSchemes: []scim.AuthenticationScheme{{
				Type:        scim.AuthenticationTypeOauthBearerToken,
				Name:        "Bearer",
				Description: "a token",
			}},
		},
		ResourceTypes: []scim.ResourceType{{
			ID:               optional.NewString("User"),
			Name:             "User",
			Endpoint:         "/Users",
			Schema:           users.schema,
			SchemaExtensions: []scim.SchemaExtension{{Schema: enterprise}},
			Handler:          users,
		}, {
			ID:       optional.NewString("Group"),
			Name:     "Group",
			Endpoint: "/Groups",
			Schema:   groups.schema,
			Handler:  groups,
		}},
	})
	if err != nil {
		panic(err)
	}
	t.Server = server
	return t
}

func clone(value interface{}) interface{} {
	switch value := value.(type) {
	case scim.ResourceAttributes:
		return clone(object(value))
	case object:
		copied := object{}
		for name, each := range value {
			copied[name] = clone(each)
		}
		return copied
	case []object:
		copied := []interface{}{}
		for _, each := range value {
			copied = append(copied, clone(each))
		}
		return copied
	case []interface{}:
		copied := []interface{}{}
		for _, each := range value {
			copied = append(copied, clone(each))
		}
		return copied
	}
	return value
}

// shown gives a resource away; what the library does to it does not reach the store.
func shown(r scim.Resource) scim.Resource {
	r.Attributes = clone(r.Attributes).(object)
	return r
}

func (s *store) find(id string) (int, error) {
	for at, r := range s.resources {
		if r.ID == id {
			return at, nil
		}
	}
	return 0, errors.ScimErrorResourceNotFound(id)
}

func (s *store) check(id string, attributes object) error {
	wanted, _ := attributes[s.unique].(string)
	for _, r := range s.resources {
		taken, ok := r.Attributes[s.unique].(string)
		if ok && r.ID != id && strings.EqualFold(taken, wanted) {
			return errors.ScimErrorUniqueness
		}
	}
	return nil
}

func (s *store) Create(_ *http.Request, attributes scim.ResourceAttributes) (scim.Resource, error) {
	if err := s.check("", attributes); err != nil {
		return scim.Resource{}, err
	}
	s.ids++
	now := s.tenant.tick()
	r := scim.Resource{
		ID:         fmt.Sprintf("%s-%d", s.kind, s.ids),
		Attributes: clone(attributes).(object),
		Meta:       scim.Meta{Created: now, LastModified: now},
	}
	s.resources = append(s.resources, r)
	return shown(r), nil
}

func (s *store) Get(_ *http.Request, id string) (scim.Resource, error) {
	at, err := s.find(id)
	if err != nil {
		return scim.Resource{}, err
	}
	return shown(s.resources[at]), nil
}

func (s *store) GetAll(_ *http.Request, params scim.ListRequestParams) (scim.Page, error) {
	matching := []scim.Resource{}
	for _, r := range s.resources {
		if params.FilterValidator == nil || params.FilterValidator.PassesFilter(s.flat(r)) == nil {
			matching = append(matching, shown(r))
		}
	}
	start := min(params.StartIndex-1, len(matching))
	end := min(start+params.Count, len(matching))
	return scim.Page{TotalResults: len(matching), Resources: matching[start:end]}, nil
}

// flat is a resource as the library's filters want it: with extension attributes beside the others.
func (s *store) flat(r scim.Resource) object {
	attributes := clone(r.Attributes).(object)
	for _, extension := range s.extensions {
		data, _ := attributes[extension.ID].(object)
		for name, value := range data {
			attributes[extension.ID+":"+name] = value
		}
	}
	return attributes
}

func (s *store) put(at int, attributes object) (scim.Resource, error) {
	if err := s.check(s.resources[at].ID, attributes); err != nil {
		return scim.Resource{}, err
	}
	s.resources[at].Attributes = clone(attributes).(object)
	s.resources[at].Meta.LastModified = s.tenant.tick()
	return shown(s.resources[at]), nil
}

func (s *store) Replace(_ *http.Request, id string, attributes scim.ResourceAttributes) (scim.Resource, error) {
	at, err := s.find(id)
	if err != nil {
		return scim.Resource{}, err
	}
	return s.put(at, attributes)
}

func (s *store) Delete(_ *http.Request, id string) error {
	at, err := s.find(id)
	if err == nil {
		s.resources = append(s.resources[:at], s.resources[at+1:]...)
	}
	return err
}

func (s *store) Patch(_ *http.Request, id string, operations []scim.PatchOperation) (scim.Resource, error) {
	at, err := s.find(id)
	if err != nil {
		return scim.Resource{}, err
	}
	attributes := clone(s.resources[at].Attributes).(object)
	for _, operation := range operations {
		values := object{"": operation.Value}
		if operation.Path == nil {
			values = operation.Value.(object)
		}
		for name, value := range values {
			path := operation.Path
			if path == nil {
				parsed, _ := parser.ParsePath([]byte(name))
				path = &parsed
			}
			if err := s.apply(attributes, operation.Op, path, clone(value)); err != nil {
				return scim.Resource{}, err
			}
		}
	}
	return s.put(at, attributes)
}

// apply carries out an operation as RFC 7644 section 3.5.2 says; the library has parsed it, and checked it with the schema.
func (s *store) apply(attributes object, op string, path *parser.Path, value interface{}) error {
	at := path.AttributePath
	target := attributes
	if uri := at.URI(); uri != "" && uri != s.schema.ID {
		if _, ok := attributes[uri].(object); !ok {
			attributes[uri] = object{}
		}
		target = attributes[uri].(object)
		defer func() {
			if len(target) == 0 {
				delete(attributes, uri)
			}
		}()
	}
	if path.ValueExpression != nil {
		return s.applySelected(target, op, path, value)
	}
	if at.SubAttribute == nil {
		change(target, op, at.AttributeName, value)
		return nil
	}
	inner, ok := target[at.AttributeName].(object)
	if !ok {
		inner = object{}
		target[at.AttributeName] = inner
	}
	change(inner, op, *at.SubAttribute, value)
	return nil
}

func (s *store) applySelected(target object, op string, path *parser.Path, value interface{}) error {
	name := path.AttributePath.AttributeName
	attribute, _ := s.schema.Attributes.ContainsAttribute(name)
	selects := filter.NewFilterValidator(path.ValueExpression, schema.Schema{Attributes: attribute.SubAttributes()})
	values, _ := target[name].([]interface{})
	kept, found := []interface{}{}, false
	for _, each := range values {
		if selects.PassesFilter(each.(object)) != nil {
			kept = append(kept, each)
			continue
		}
		found = true
		if path.SubAttribute != nil {
			change(each.(object), op, *path.SubAttribute, value)
			kept = append(kept, each)
		} else if op != "remove" {
			kept = append(kept, value.([]interface{})...)
		}
	}
	if !found && op != "remove" {
		return errors.ScimErrorNoTarget
	}
	change(target, "replace", name, kept)
	return nil
}

// change adds, replaces or removes an attribute; what is empty goes.
func change(target object, op, name string, value interface{}) {
	for known := range target {
		if strings.EqualFold(known, name) {
			name = known
		}
	}
	switch before := target[name].(type) {
	case []interface{}:
		if added, ok := value.([]interface{}); ok && op == "add" {
			value = join(before, added)
		}
	case object:
		if added, ok := value.(object); ok && op != "remove" {
			for each := range added {
				before[each] = added[each]
			}
			value = before
		}
	}
	several, ok := value.([]interface{})
	if op == "remove" || value == nil || (ok && len(several) == 0) {
		delete(target, name)
	} else {
		target[name] = value
	}
}

// join adds values that are not there yet; at most one stays primary.
func join(values, added []interface{}) []interface{} {
	for _, each := range added {
		if slices.ContainsFunc(values, func(other interface{}) bool { return reflect.DeepEqual(each, other) }) {
			continue
		}
		if value, ok := each.(object); ok && value["primary"] == true {
			for _, other := range values {
				if other := other.(object); other["primary"] == true {
					other["primary"] = false
				}
			}
		}
		values = append(values, each)
	}
	return values
}

func main() {
	token := "Bearer " + os.Args[1]
	tenants := map[string]*tenant{}
	var mutex sync.Mutex
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != token {
			w.Header().Set("Content-Type", "application/scim+json")
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401"}`)
			return
		}
		name := strings.Split(r.URL.Path, "/")[1]
		mutex.Lock()
		t, ok := tenants[name]
		if !ok {
			t = newTenant()
			tenants[name] = t
		}
		mutex.Unlock()
		t.Lock()
		defer t.Unlock()
		http.StripPrefix("/"+name, t.Server).ServeHTTP(w, r)
	}))
	fmt.Printf("{\"port\": %d}\n", listener.Addr().(*net.TCPAddr).Port)
	io.Copy(io.Discard, os.Stdin)
}
